from datetime import timedelta

import pytest

from services.notifications.sending.outcomes import outcome_of
from services.notifications.tests.builders import NOON, at_shanghai
from shared.wechat.errors import ERROR_CODES, Uncertain, WeChatError, WeChatUnreachable


def test_no_answer_is_unknown_and_not_reached_goes_again() -> None:
    assert outcome_of(Uncertain(), NOON, 0).fate == "unknown"
    unreachable = outcome_of(WeChatUnreachable(), NOON, 0)
    assert (unreachable.fate, unreachable.pauses) == ("again", True)


@pytest.mark.parametrize("code", sorted(ERROR_CODES))
def test_every_code_has_a_fate_and_what_goes_again_says_when(code: int) -> None:
    outcome = outcome_of(WeChatError(code), NOON, 3)
    assert outcome.fate != "unknown"
    assert (outcome.fate == "again") == (outcome.until is not None)


def test_failures_in_a_row_wait_longer_but_never_longer_than_five_seconds() -> None:
    waits = [(outcome_of(WeChatError(-1), NOON, failures).until or NOON) - NOON for failures in range(12)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(seconds=5)


def test_the_minute_limit_stops_everything_for_a_minute() -> None:
    outcome = outcome_of(WeChatError(45011), NOON, 0)
    assert (outcome.pauses, outcome.until) == (True, NOON + timedelta(minutes=1))


def test_the_daily_limit_stops_everything_until_after_midnight_in_beijing_and_alerts() -> None:
    outcome = outcome_of(WeChatError(45009), NOON, 0)
    assert outcome.pauses
    assert outcome.alerts
    assert outcome.until == at_shanghai(24) + timedelta(seconds=30)


def test_a_used_up_consent_is_skipped_and_forgotten() -> None:
    outcome = outcome_of(WeChatError(43101), NOON, 0)
    assert (outcome.fate, outcome.forgets, outcome.alerts) == ("skipped", "consent", False)


def test_two_at_once_delays_that_message_and_no_other() -> None:
    outcome = outcome_of(WeChatError(43108), NOON, 0)
    assert (outcome.fate, outcome.pauses) == ("again", False)


def test_a_wrong_secret_alerts_and_does_not_hammer() -> None:
    outcome = outcome_of(WeChatError(40125), NOON, 0)
    assert outcome.alerts
    assert outcome.until == NOON + timedelta(minutes=5)
