"""What sync answers about records and lists."""

from datetime import datetime

from services.sync.records import views
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from services.sync.records.record import record_id_of
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
    lists: Lists, at: datetime, limit: int, cursor: str | None
) -> Page[views.JurisdictionView]:
    """The eight, each with its lists and how fresh they are."""
    known = await lists.all()
    return page_of([views.jurisdiction_view(each, known, at) for each in Jurisdiction], limit, cursor)
