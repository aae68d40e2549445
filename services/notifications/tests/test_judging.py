from dataclasses import replace
from datetime import timedelta

from services.notifications.preferences.domain import DEFAULT
from services.notifications.sending.delivery import GIVE_UP_AFTER
from services.notifications.sending.judging import Go, Skip, Standing, Verdict, Wait, judge
from services.notifications.tests.builders import NOON, at_shanghai, delivery

WELL = Standing(known=True, reachable=True, preferences=DEFAULT, credits=1, template="usable")


def _judge(standing: Standing) -> Verdict:
    return judge(delivery(), "challenge", standing, NOON)


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
    assert judge(delivery(), "challenge", unknown, NOON + GIVE_UP_AFTER) == Skip("recipient_unknown")


def test_a_template_that_is_not_in_the_console_is_skipped_and_one_not_yet_read_is_waited_for() -> None:
    assert _judge(replace(WELL, template="absent")) == Skip("no_template")
    assert _judge(replace(WELL, template="stopped")) == Skip("template_stopped")
    assert isinstance(_judge(replace(WELL, template="unread")), Wait)


def test_an_openid_that_wechat_refused_is_not_tried_again() -> None:
    assert _judge(replace(WELL, reachable=False)) == Skip("no_openid")


def test_at_night_it_waits_for_the_morning() -> None:
    late = delivery(created_at=at_shanghai(23))
    assert judge(late, "challenge", WELL, at_shanghai(23)) == Wait(at_shanghai(32), "quiet_hours")


def test_a_message_that_is_a_day_late_is_left_to_the_inbox() -> None:
    assert judge(delivery(), "challenge", WELL, NOON + timedelta(days=1)) == Skip("too_late")
