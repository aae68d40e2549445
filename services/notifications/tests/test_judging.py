from dataclasses import replace
from datetime import timedelta

from services.notifications.preferences.domain import DEFAULT
from services.notifications.sending.delivery import GIVE_UP_AFTER
from services.notifications.sending.judging import Go, Skip, Standing, Verdict, Wait, judge
from services.notifications.tests.builders import NOON, at_shanghai, delivery

WELL = Standing(known=True, reachable=True, preferences=DEFAULT, credits=1, template="usable")


def _judge(standing: Standing) -> Verdict:
    return judge(delivery(), standing, NOON)


def test_with_consent_by_day_it_goes() -> None:
    assert _judge(WELL) == Go()


def test_without_consent_it_is_skipped() -> None:
    assert _judge(replace(WELL, credits=0)) == Skip("no_consent")


def test_who_switched_wechat_off_for_the_group_is_not_sent_to() -> None:
    quiet = DEFAULT.model_copy(update={"channels": {**DEFAULT.channels, "challenge": ("inbox",)}})
    assert _judge(replace(WELL, preferences=quiet)) == Skip("preference")


def test_a_recipient_of_whom_accounts_has_not_told_is_waited_for_and_then_given_up() -> None:
    unknown = replace(WELL, known=False, reachable=False)
    assert _judge(unknown) == Wait(NOON + GIVE_UP_AFTER, "recipient_unknown", awaits=True)
    assert judge(delivery(), unknown, NOON + GIVE_UP_AFTER) == Skip("recipient_unknown")


def test_a_row_about_a_sealed_claim_asks_again_by_itself_for_a_recipient_who_is_not_known() -> None:
    unknown = replace(WELL, known=False, reachable=False)
    row = delivery(sealed=True)
    first = judge(row, unknown, NOON)
    later = judge(row, unknown, NOON + timedelta(hours=4))
    assert first == Wait(NOON + timedelta(seconds=5), "recipient_unknown", awaits=False)
    assert later == Wait(NOON + timedelta(hours=5), "recipient_unknown", awaits=False)
    assert judge(row, unknown, NOON + GIVE_UP_AFTER) == Skip("recipient_unknown")


def test_a_group_that_is_newer_than_somebodys_preferences_takes_the_default() -> None:
    row = delivery(group="evaluation")
    assert judge(row, WELL, NOON) == Go()
    assert judge(delivery(group=""), WELL, NOON) == Go()


def test_a_template_that_is_not_in_the_console_is_skipped_and_one_not_yet_read_is_waited_for() -> None:
    assert _judge(replace(WELL, template="absent")) == Skip("no_template")
    assert _judge(replace(WELL, template="stopped")) == Skip("template_stopped")
    assert isinstance(_judge(replace(WELL, template="unread")), Wait)


def test_an_openid_that_wechat_refused_is_not_tried_again() -> None:
    assert _judge(replace(WELL, reachable=False)) == Skip("no_openid")


def test_at_night_it_waits_for_the_morning() -> None:
    late = delivery(created_at=at_shanghai(23))
    assert judge(late, WELL, at_shanghai(23)) == Wait(at_shanghai(32), "quiet_hours")


def test_a_message_that_is_a_day_late_is_left_to_the_inbox() -> None:
    assert judge(delivery(), WELL, NOON + timedelta(days=1)) == Skip("too_late")
