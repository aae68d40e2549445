"""An inbox costs the same whatever it holds."""

import pytest

from services.notifications.inbox.commands import InboxCommands
from services.notifications.inbox.domain import InboxItem, Link
from services.notifications.inbox.queries import InboxQueries
from services.notifications.inbox.reader import Reader
from services.notifications.tests.builders import NOON
from services.notifications.tests.memory import NAMES, MemoryInbox
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.aggregates.private_lists import Entry
from shared.tests.memory import MemoryAggregates
from shared.values.problems import Refusal

ME = Caller(user_id="me")


def _filled(size: int) -> tuple[MemoryInbox, InboxCommands, InboxQueries]:
    inbox = MemoryInbox()
    for number in range(size):
        item = InboxItem(
            event_id=f"challenge-1/{number}",
            event="challenge.published",
            message="challenge-published",
            title=str(number),
            body="榜单已发布",
            link=Link(type="challenge", id="challenge-1"),
            created_at=NOON,
        )
        document = inbox.lists._document("me", Entry(number, item.event_id, item.model_dump(mode="json")))
        mark_id = inbox.lists.name_id("me", item.event_id)
        mark = {"_id": mark_id, "sealed": inbox.lists._seal("me", mark_id, {"position": number})}
        inbox.documents.update({document["_id"]: document, mark_id: mark})
    readers = MemoryAggregates(Reader)
    return inbox, InboxCommands(inbox, readers, NAMES, lambda: NOON), InboxQueries(inbox, readers, NAMES)


def _key(key: str) -> Attempt:
    return Attempt("me", key, "d")


@pytest.mark.parametrize("size", [5, 5000])
async def test_a_page_the_number_of_unread_items_and_reading_everything_cost_the_same(size: int) -> None:
    inbox, commands, queries = _filled(size)
    for unread in (False, True):
        inbox.collection.queries = 0
        placed, _, _, count = await queries.page(ME, unread=unread, limit=5, cursor=None)
        assert [each.item.title for each in placed] == [str(size - 1 - number) for number in range(5)]
        assert count == size
        assert inbox.collection.queries <= 5
    inbox.collection.queries = 0
    await commands.mark_all_read(ME, _key("key-1"))
    assert await queries.count_unread(ME) == 0
    assert inbox.collection.queries <= 8


async def test_pages_of_what_is_unread_leave_nothing_out_while_items_are_read() -> None:
    inbox, commands, queries = _filled(10)
    first, cursor, _, _ = await queries.page(ME, unread=True, limit=4, cursor=None)
    await commands.mark_read((await inbox.at("me", [3]))[0].id, ME, _key("key-1"))
    await commands.mark_read(first[0].id, ME, _key("key-2"))
    second, more, _, count = await queries.page(ME, unread=True, limit=10, cursor=cursor)
    assert [each.position for each in (*first, *second)] == [9, 8, 7, 6, 5, 4, 2, 1, 0]
    assert (more, count) == (None, 8)


@pytest.mark.parametrize("cursor", ["Ii0xIg", "IjHvvIzCsiI", "ImEi", "?"])
async def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    _, _, queries = _filled(1)
    with pytest.raises(Refusal, match="invalid"):
        await queries.page(ME, unread=False, limit=5, cursor=cursor)


async def test_what_is_gone_is_in_no_page_and_counts_as_neither_read_nor_unread() -> None:
    inbox, commands, queries = _filled(10)
    for position in range(4):
        document_id = inbox.lists._id("me", position)
        inbox.documents[document_id] = {"_id": document_id, "gone": True}
    for unread in (False, True):
        placed, following, _, count = await queries.page(ME, unread=unread, limit=20, cursor=None)
        assert [each.item.title for each in placed] == ["9", "8", "7", "6", "5", "4"]
        assert (following, count, await queries.count_unread(ME)) == (None, 6, 6)
    await commands.mark_all_read(ME, _key("key-1"))
    assert await queries.count_unread(ME) == 0
