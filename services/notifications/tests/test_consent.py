from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.consents import domain as rules
from services.notifications.consents.domain import SAME_ACCEPT, Consent, Source
from services.notifications.tests.builders import NOON
from shared.aggregates.decisions import Decision


def _apply(consent: Consent, decision: Decision[Consent] | None) -> Consent:
    return decision.state if decision else consent


def _accepted(consent: Consent, source: Source, at: datetime = NOON, mark: str = "") -> Consent:
    return _apply(consent, rules.accept(consent, source, "one_time", at, mark or f"{source}/{at}"))


NOTHING = Consent(id="p/T")


def test_an_accept_that_both_tell_of_counts_once() -> None:
    both = _accepted(_accepted(NOTHING, "mini_program"), "wechat", NOON + timedelta(seconds=2))
    assert both.credits == 1


def test_two_accepts_that_one_source_tells_of_count_twice() -> None:
    twice = _accepted(_accepted(NOTHING, "mini_program"), "mini_program", NOON + timedelta(seconds=30))
    assert twice.credits == 2


def test_a_push_long_after_is_another_accept() -> None:
    late = _accepted(_accepted(NOTHING, "mini_program"), "wechat", NOON + SAME_ACCEPT + timedelta(seconds=1))
    assert late.credits == 2


def test_a_push_that_wechat_repeats_counts_once() -> None:
    once = _accepted(NOTHING, "wechat", mark="push-1")
    assert _accepted(once, "wechat", mark="push-1") == once


def test_a_reject_leaves_nothing() -> None:
    consent = _accepted(_accepted(NOTHING, "mini_program"), "mini_program", NOON + timedelta(seconds=1))
    assert _apply(consent, rules.reject(consent, "wechat", "push-9")).credits == 0


def test_a_message_that_went_out_is_counted_once_however_often_we_hear_of_it() -> None:
    consent = _accepted(_accepted(NOTHING, "mini_program"), "mini_program", NOON + timedelta(seconds=1))
    spent = _apply(consent, rules.spend(consent, "one_time", "delivery-1"))
    assert spent.credits == 1
    assert rules.spend(spent, "one_time", "delivery-1") is None


def test_a_long_term_consent_is_not_used_up() -> None:
    consent = _apply(NOTHING, rules.accept(NOTHING, "wechat", "long_term", NOON, "push-1"))
    consent = _apply(consent, rules.accept(consent, "wechat", "long_term", NOON, "push-2"))
    assert consent.credits == 1
    assert rules.spend(consent, "long_term", "delivery-1") is None


@given(
    st.integers(1, 8).flatmap(lambda n: st.permutations([(i, s) for i in range(n) for s in ("mini_program", "wechat")]))
)
def test_accepts_that_both_tell_of_in_any_order_count_once_each(tellings: list[tuple[int, Source]]) -> None:
    consent = NOTHING
    for number, source in tellings:
        consent = _accepted(consent, source, NOON + timedelta(seconds=number), f"{source}/{number}")
    assert consent.credits == len(tellings) // 2
