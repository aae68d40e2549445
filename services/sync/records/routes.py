"""HTTP: records and the freshness of lists, which everybody may see."""

from fastapi import Response

from services.sync.records import queries, views
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from shared.events.sync import Kind
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import Router
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction


def add_routes(router: Router, records: Records, lists: Lists) -> None:
    """The routes of this room."""

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
        """Lists the eight jurisdictions with the freshness of their data."""
        return await queries.list_jurisdictions(lists, now(), limit, cursor)
