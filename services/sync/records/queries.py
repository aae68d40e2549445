"""What sync answers about records and lists."""

from datetime import datetime

from services.sync.records import following as places
from services.sync.records import portals, views
from services.sync.records.current import Records
from services.sync.records.feed import Feed
from services.sync.records.freshness import Lists
from services.sync.records.portals import Portal
from services.sync.records.record import record_id_of
from services.sync.records.rhythms import Rhythm, rhythms_of_all
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


async def list_changes(
    feed: Feed, jurisdiction: Jurisdiction | None, kind: Kind | None, limit: int, cursor: str | None
) -> views.ChangesView:
    """What changed since the cursor, in the lists that are asked for; the places in all others stay as they are."""
    prefix, ending = f"{jurisdiction or ''}/", f"/{kind or ''}"

    def wanted(name: str) -> bool:
        return (jurisdiction is None or name.startswith(prefix)) and (kind is None or name.endswith(ending))

    changes, following = await feed.read(places.decoded(cursor), wanted, limit)
    return views.ChangesView(items=list(map(views.change_view, changes)), next_cursor=places.encoded(following))


async def list_jurisdictions(
    lists: Lists,
    platforms: Aggregates[Portal],
    rhythms: Aggregates[Rhythm],
    at: datetime,
    limit: int,
    cursor: str | None,
) -> Page[views.JurisdictionView]:
    """The eight, each with its own platform, its lists and how fresh they are."""
    known, own = await lists.all(), await portals.addresses(platforms)
    expected = await rhythms_of_all(rhythms)
    shown = [views.jurisdiction_view(each, known, at, own.get(city)) for city, each in expected.items()]
    return page_of(shown, limit, cursor)
