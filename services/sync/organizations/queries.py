"""Organisations as everybody may see them, and the merges that stand."""

from services.sync.organizations.commands import written
from services.sync.organizations.store import Joined
from services.sync.organizations.views import MergeView, SharedOrganizationView, codes_of, organization_view
from services.sync.records.views import RecordView, record_view
from shared.access.checking import Caller, Facts, allows
from shared.http import paging
from shared.http.paging import Page
from shared.values import problems
from shared.values.problems import Refusal


async def show_organization(joined: Joined, caller: Caller, code: str) -> SharedOrganizationView:
    """The organisation of a code; 404 where no record that stands names it or a code that it is joined with."""
    code = written(code)
    around = list((await joined.around(code)).values())
    named = await joined.named(codes_of(code, around))
    if not named:
        raise Refusal(problems.NOT_FOUND)
    return organization_view(code, around, named, operator=allows("sync.list-merges", caller, Facts()))


async def list_records(joined: Joined, code: str, limit: int, cursor: str | None) -> Page[RecordView]:
    """The records of an organisation, in the order of their ids; 404 where there are none at all."""
    code = written(code)
    around = list((await joined.around(code)).values())
    found = await joined.page(codes_of(code, around), paging.decode_text(cursor) or "", limit + 1)
    if not found and cursor is None:
        raise Refusal(problems.NOT_FOUND)
    items = [record_view(each) for each in found[:limit]]
    following = "/".join((items[-1].jurisdiction, items[-1].kind, items[-1].source_id)) if items else ""
    return Page(items=items, next_cursor=paging.encode(following) if len(found) > limit else None)


async def list_merges(joined: Joined, limit: int, cursor: str | None) -> Page[MergeView]:
    """The codes that are joined into another, in their order."""
    found = await joined.standing(paging.decode_text(cursor) or "", limit + 1)
    items = [
        MergeView(credit_code=each.id, into=each.into, at=each.acts[-1].at, reason=each.acts[-1].reason)
        for each in found[:limit]
        if each.into is not None
    ]
    return Page(items=items, next_cursor=paging.encode(items[-1].credit_code) if len(found) > limit else None)
