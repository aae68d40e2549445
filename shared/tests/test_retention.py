"""How long things are kept: what operators may choose, what topics are told, what a task removes."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.events.topics import TOPICS, topics_kept
from shared.operations.pruning import over
from shared.operations.retention import rows_of
from shared.values.retention import Settled, by_task, chosen_days, for_ever, in_words

DAY_MS = 24 * 60 * 60 * 1000
ROWS = {"settled": by_task("了结的", "试", "了结时", 90, Settled("at"), least=30), "kept": for_ever("留着的", "试")}


def test_operators_choose_times_within_what_the_code_rests_on() -> None:
    rows = rows_of("sync", ROWS, "sync.settled=40, huning.batches=50,other.settled=1")
    assert rows["settled"].after == timedelta(days=40)
    assert rows["kept"].after is None
    assert topics_kept(chosen_days("huning.batches=50"))["huning.batches"].after == timedelta(days=50)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("sync.settled=29", "至少保留 30 天"),
        ("sync.kept=400", "不能调整"),
        ("sync.nothing=400", "没有 sync.nothing"),
        ("sync.settled=-1", "名称=天数"),
        ("sync.settled", "名称=天数"),
    ],
)
def test_a_choice_that_is_none_is_refused_in_words(chosen: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rows_of("sync", ROWS, chosen)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("huning.nothing=1", "没有主题"),
        ("huning.users=400", "不能调整"),
        ("huning.deliveries=1", "至少保留"),
        ("huning.deliveries=61", "至多保留 60 天"),
    ],
)
def test_a_topic_is_not_kept_for_longer_than_its_owner_keeps_what_it_is_about(chosen: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        topics_kept(chosen_days(chosen))


def test_topics_whose_keys_are_always_new_go_by_time_and_the_others_never_do() -> None:
    always_new = {"huning.batches", "huning.objections", "huning.saved-search-hits", "huning.deliveries"}
    by_time = {name for name, topic in TOPICS.items() if topic.compacted and topic.kept.after}
    assert by_time == always_new
    for name in always_new:
        config, after = TOPICS[name].config, TOPICS[name].kept.after
        assert after is not None
        assert config == {
            "cleanup.policy": "compact,delete",
            "min.compaction.lag.ms": str(30 * DAY_MS),
            "retention.ms": str(after.days * DAY_MS),
        }
    assert TOPICS["huning.users"].config == {"cleanup.policy": "compact", "min.compaction.lag.ms": str(30 * DAY_MS)}
    assert TOPICS["huning.intake"].config == {"cleanup.policy": "delete", "retention.ms": str(7 * DAY_MS)}


def test_what_is_over_was_settled_and_waits_for_nothing() -> None:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    query = over(Settled("state.at", {"state.state": "done"}), timedelta(days=30), at)
    assert query["state.state"] == "done"
    assert query["state.at"]["$lte"] == datetime(2026, 10, 31, tzinfo=UTC)
    assert query["waiting"] is None


def test_a_time_is_said_as_people_read_it() -> None:
    times = [None, timedelta(days=30), timedelta(hours=36), timedelta(minutes=10)]
    assert [in_words(each) for each in times] == ["长期", "30 天", "36 小时", "10 分钟"]
