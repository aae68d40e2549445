"""What sync answers about records and lists."""

from datetime import datetime

from services.sync.records import portals, views
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from services.sync.records.portals import Portal
from services.sync.records.record import record_id_of
from shared.aggregates.aggregates import Aggregates
from shared.events.sync import Kind
from shared.http.paging import Page, page_of
from shared.values import problems
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal


async def show_record(records: Records, jurisdiction: Jurisdiction, kind: Kind, source_id: str) -> views.RecordView:
    """A record as it stands; 404 once its city has taken it back."""
    record = await records.find(record_id_of(jurisdiction, kind, source_id))
    if record is None or record.state.deleted:
        raise Refusal(problems.NOT_FOUND)
    return views.record_view(record)


async def list_jurisdictions(
    lists: Lists, platforms: Aggregates[Portal], at: datetime, limit: int, cursor: str | None
) -> Page[views.JurisdictionView]:
    """The eight, each with its own platform, its lists and how fresh they are."""
    known, own = await lists.all(), await portals.addresses(platforms)
    shown = [views.jurisdiction_view(each, known, at, own.get(each)) for each in Jurisdiction]
    return page_of(shown, limit, cursor)
