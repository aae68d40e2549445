"""HTTP: records and the freshness of lists, which everybody may see."""

from asyncio import to_thread
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Strict

from services.sync.intake.views import CSV, GONE, XLSX, as_file
from services.sync.records import confirmed_codes, portals, queries, rhythms, views
from services.sync.records.confirmed_codes import ConfirmedCode
from services.sync.records.current import Records
from services.sync.records.feed import Feed
from services.sync.records.following import MOST_CHARACTERS
from services.sync.records.freshness import Lists
from services.sync.records.history import History
from services.sync.records.portals import Address, Portal
from services.sync.records.record import record_id_of
from services.sync.records.rhythms import Days, Rhythm
from services.sync.rows import templates
from services.sync.rows.schema import table_schema
from shared.aggregates.aggregates import Aggregates
from shared.events.payload import Instant
from shared.events.sync import Kind
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction

_Place = Annotated[
    str | None,
    Query(max_length=MOST_CHARACTERS, pattern="^[A-Za-z0-9_=-]*$", description="`next_cursor` of the page before"),
]
_At = Annotated[Instant | None, Query(description="the record as others could see it at this instant")]
_History = Annotated[bool, Query(description="all states of the record that are kept, newest first")]


class PortalBody(BaseModel):
    """`portal_url` null: the city has none any longer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    portal_url: Address | None


class RhythmBody(BaseModel):
    """Days by kind; a kind that is left out is expected as usual."""

    model_config = ConfigDict(extra="forbid")

    days: dict[Kind, Annotated[Days, Strict()]]


def add_routes(
    router: Router,
    lists: Lists,
    codes: Aggregates[ConfirmedCode],
    platforms: Aggregates[Portal],
    expected: Aggregates[Rhythm],
) -> None:
    """What there is about codes, cities and their lists."""
    _add_routes_of_rhythms(router, expected)

    @router.action("sync.confirm-code")
    async def confirm_code(
        credit_code: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.ConfirmedCodeView:
        """Confirms a credit code of which only the check digit is wrong: rows that carry it have no warning any longer."""
        stored = await confirmed_codes.confirm(codes, caller, attempt, now(), credit_code)
        with_version(response, stored)
        return views.ConfirmedCodeView(credit_code=stored.state.id, confirmed_at=stored.state.confirmed_at)

    @router.action("sync.set-portal")
    async def set_portal(
        jurisdiction: Jurisdiction, body: PortalBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.PortalView:
        """Says where the city's own platform is: one tap on its station of the map leads there."""
        stored = await portals.set_portal(platforms, caller, attempt, now(), jurisdiction, body.portal_url)
        with_version(response, stored)
        return views.PortalView(jurisdiction=jurisdiction, **stored.state.model_dump(include={"portal_url", "set_at"}))

    @router.action("sync.list-jurisdictions")
    async def list_jurisdictions(limit: Limit = 20, cursor: Cursor = None) -> Page[views.JurisdictionView]:
        """Lists the eight jurisdictions with their own platforms and the freshness of their data."""
        return await queries.list_jurisdictions(lists, platforms, expected, now(), limit, cursor)

    @router.action("sync.show-schema", response_model_exclude_none=True)
    async def show_schema(kind: Kind) -> views.TableSchemaView:
        """Shows what a list of this kind may hold, as a Frictionless Table Schema."""
        return views.TableSchemaView.model_validate(table_schema(kind))

    @router.action(
        "sync.show-template",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}, XLSX: {}}, "description": "the template"}},
    )
    async def show_template(kind: Kind, format: Literal["xlsx", "csv"] = "xlsx") -> Response:
        """Shows the template of a kind: a workbook with drop-downs, checks and an explanation, or the header alone as CSV."""
        name = as_file(f"{kind}.{format}")
        if format == "csv":
            return Response(templates.as_csv(kind), media_type=CSV, headers=name)
        return Response(await to_thread(templates.as_xlsx, kind), media_type=XLSX, headers=name)


def _add_routes_of_rhythms(router: Router, expected: Aggregates[Rhythm]) -> None:
    @router.action("sync.show-rhythm")
    async def show_rhythm(jurisdiction: Jurisdiction, caller: CallerOf, response: Response) -> views.RhythmView:
        """Shows within how many days each of the city's lists is expected."""
        stored = await rhythms.rhythm(expected, caller, jurisdiction)
        with_version(response, stored)
        return views.rhythm_view(stored)

    @router.action("sync.set-rhythm")
    async def set_rhythm(
        jurisdiction: Jurisdiction, body: RhythmBody, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> views.RhythmView:
        """Says within how many days each of the city's lists is expected: what is later is stale, and its operators are told."""
        stored = await rhythms.set_rhythm(expected, caller, attempt, now(), jurisdiction, body.days)
        with_version(response, stored)
        return views.rhythm_view(stored)


def add_routes_of_records(router: Router, records: Records, history_of: History, feed: Feed) -> None:
    """What there is about the records themselves."""

    @router.action(
        "sync.show-record",
        response_model=views.VersionView | views.RecordView | Page[views.VersionView],
        responses=GONE,
    )
    async def show_record(
        jurisdiction: Jurisdiction,
        kind: Kind,
        source_id: str,
        caller: CallerOf,
        response: Response,
        history: _History = False,
        at: _At = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> views.RecordView | Page[views.VersionView]:
        """Shows a record as its city last pushed it, with its provenance; as it stood at an instant; or all that it was."""
        record: views.RecordView
        if history:
            return await history_of.states(caller, record_id_of(jurisdiction, kind, source_id), limit, cursor)
        if at is not None:
            record = await history_of.at(caller, record_id_of(jurisdiction, kind, source_id), at)
        else:
            record = await queries.show_record(records, jurisdiction, kind, source_id)
        response.headers["ETag"] = f'"{record.version}"'
        return record

    @router.action("sync.list-changes")
    async def list_changes(
        jurisdiction: Jurisdiction | None = None, kind: Kind | None = None, limit: Limit = 20, cursor: _Place = None
    ) -> views.ChangesView:
        """Lists what changed in the cities' records since the cursor, deletions included; without one, first all that stands."""
        return await queries.list_changes(feed, jurisdiction, kind, limit, cursor)
