"""GET ops/{service}/audit and its verification: for auditors and the alliance whole, for a city what is its own."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Response
from fastapi.responses import StreamingResponse

from shared.access.checking import Caller, cities_listed
from shared.http.paging import Cursor, Limit, Page, bad_cursor, decode, encode
from shared.http.routes import CallerOf, Router
from shared.operations.audit_trail import AuditTrail, Wanted
from shared.operations.audit_views import EntryView, VerificationView, csv_of, entry_view, verification_view

_From = Annotated[datetime | None, Query(alias="from", description="entries of this instant and later")]
_To = Annotated[datetime | None, Query(alias="to", description="entries before this instant")]
_Text = Annotated[str | None, Query(max_length=200)]


def audit_routes(service: str, trail: AuditTrail) -> Router:
    """The routes below /api/v1/ops/{service}/audit."""
    router = Router()

    def wanted(caller: Caller, actor: str | None, subject: str | None, since: _From, until: _To) -> Wanted:
        return Wanted(actor, subject, since, until, cities_listed(f"{service}.list-audit", caller))

    @router.action(
        f"{service}.list-audit",
        response_model=Page[EntryView],
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    async def list_audit(
        caller: CallerOf,
        actor: _Text = None,
        subject: _Text = None,
        since: _From = None,
        until: _To = None,
        form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[EntryView] | Response:
        """Lists the audit trail, the newest entry first; as CSV the whole selection, the oldest first."""
        asked = wanted(caller, actor, subject, since, until)
        if form == "csv":
            headers = {"Content-Disposition": f'attachment; filename="{service}-audit.csv"'}
            return StreamingResponse(csv_of(trail.oldest_first(asked)), headers=headers, media_type="text/csv")
        found = await trail.newest(asked, limit + 1, _before(cursor))
        page = [entry_view(each) for each in found[:limit]]
        return Page(items=page, next_cursor=encode(page[-1].seq) if len(found) > limit else None)

    @router.action(f"{service}.verify-audit")
    async def verify_audit(_: CallerOf) -> VerificationView:
        """Computes the chain again and says whether every entry is as it was appended."""
        return verification_view(await trail.verify())

    return router


def _before(cursor: str | None) -> int | None:
    position = decode(cursor)
    if position is not None and (not isinstance(position, int) or not 0 < position < 2**53):
        raise bad_cursor()
    return position
