from datetime import timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.sending import delivery as rules
from services.notifications.sending.delivery import LEASE, Delivery
from services.notifications.tests.builders import NOON, delivery
from shared.aggregates.decisions import Decision


def _after(decision: Decision[Delivery] | None) -> Delivery:
    assert decision is not None
    return decision.state


def _sending() -> Delivery:
    return _after(rules.start(delivery(), owner="notifications-1/run/1", template_id="T", at=NOON))


def test_a_row_that_is_being_sent_is_not_started_by_a_second_process() -> None:
    assert rules.start(_sending(), owner="notifications-2/run/1", template_id="T", at=NOON) is None


def test_a_send_under_way_holds_a_lease() -> None:
    assert _sending().due_at == NOON + LEASE


def test_an_unknown_row_is_never_started_again() -> None:
    unknown = _after(rules.uncertain(_sending(), "process_died"))
    assert unknown.status == "unknown"
    assert rules.start(unknown, owner="o/o/o", template_id="T", at=NOON) is None
    assert rules.postpone(unknown, NOON, "again") is None
    assert rules.release(unknown, NOON) is None


def test_wechats_word_settles_an_unknown_row() -> None:
    unknown = _after(rules.uncertain(_sending(), "no_answer"))
    settled = _after(rules.hear_from_wechat(unknown, 0, 17, NOON))
    assert (settled.status, settled.msgid, settled.reason) == ("sent", 17, None)


def test_wechats_word_corrects_a_row_that_was_thought_sent() -> None:
    sent = _after(rules.accepted(_sending(), 17, NOON))
    assert _after(rules.hear_from_wechat(sent, 43101, 17, NOON)).reason == "wechat_43101"


def test_wechats_repeated_word_changes_nothing() -> None:
    sent = _after(rules.hear_from_wechat(_sending(), 0, 17, NOON))
    assert rules.hear_from_wechat(sent, 0, 17, NOON) is None
    assert rules.accepted(sent, 17, NOON) is None


def test_an_answer_that_comes_after_the_sweep_still_counts() -> None:
    swept = _after(rules.uncertain(_sending(), "lease_ended"))
    assert _after(rules.accepted(swept, 17, NOON)).status == "sent"


def test_a_message_that_was_turned_away_waits_and_is_told_of_again() -> None:
    decision = rules.postpone(_sending(), NOON + timedelta(seconds=1), "wechat_busy")
    assert decision is not None
    assert (decision.state.status, decision.happened) == ("pending", "delivery.queued")


def test_a_wait_before_the_first_try_is_no_news() -> None:
    decision = rules.postpone(delivery(), NOON + timedelta(hours=10), "quiet_hours")
    assert decision is not None
    assert decision.happened is None


STEPS = [
    partial(rules.start, owner="p/r/1", template_id="T", at=NOON),
    partial(rules.accepted, msgid=1, at=NOON),
    partial(rules.uncertain, reason="no_answer"),
    partial(rules.postpone, until=NOON, reason="wechat_busy"),
    partial(rules.release, at=NOON),
    partial(rules.fail, reason="x", at=NOON),
    partial(rules.skip, reason="x", at=NOON),
    partial(rules.hear_from_wechat, error_code=0, msgid=1, at=NOON),
    partial(rules.hear_from_wechat, error_code=43101, msgid=1, at=NOON),
]


@given(st.lists(st.sampled_from(STEPS), max_size=30))
def test_whatever_happens_a_message_that_may_be_out_is_never_sent_again(
    steps: list[partial[Decision[Delivery] | None]],
) -> None:
    row, may_be_out = delivery(), False
    for step in steps:
        decision = step(row)
        if decision is None:
            continue
        assert not (may_be_out and decision.state.status == "sending")
        row = decision.state
        may_be_out = may_be_out or row.status in ("unknown", "sent")
