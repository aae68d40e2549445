"""HTTP: records and the freshness of lists, which everybody may see."""

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from services.sync.records import confirmed_codes, portals, queries, views
from services.sync.records.confirmed_codes import ConfirmedCode
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from services.sync.records.portals import Address, Portal
from services.sync.rows.schema import table_schema
from shared.aggregates.aggregates import Aggregates
from shared.events.sync import Kind
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction


class PortalBody(BaseModel):
    """`portal_url` null: the city has none any longer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    portal_url: Address | None


def add_routes(
    router: Router,
    records: Records,
    lists: Lists,
    codes: Aggregates[ConfirmedCode],
    platforms: Aggregates[Portal],
) -> None:
    """The routes of this room."""

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

    @router.action("sync.show-record")
    async def show_record(
        jurisdiction: Jurisdiction, kind: Kind, source_id: str, response: Response
    ) -> views.RecordView:
        """Shows a record as its city last pushed it, with its provenance."""
        record = await queries.show_record(records, jurisdiction, kind, source_id)
        response.headers["ETag"] = f'"{record.version}"'
        return record

    @router.action("sync.list-jurisdictions")
    async def list_jurisdictions(limit: Limit = 20, cursor: Cursor = None) -> Page[views.JurisdictionView]:
        """Lists the eight jurisdictions with their own platforms and the freshness of their data."""
        return await queries.list_jurisdictions(lists, platforms, now(), limit, cursor)

    @router.action("sync.show-schema", response_model_exclude_none=True)
    async def show_schema(kind: Kind) -> views.TableSchemaView:
        """Shows what a list of this kind may hold, as a Frictionless Table Schema."""
        return views.TableSchemaView.model_validate(table_schema(kind))
