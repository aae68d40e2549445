from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.preferences.domain import DEFAULT, Preferences, QuietHours, quiet_until
from services.notifications.preferences.routes import PreferencesBody, PreferencesView
from services.notifications.subjects.table import GROUPS
from services.notifications.tests.builders import at_shanghai
from shared.aggregates.aggregates import Stored

NIGHT = QuietHours(start=time(22), end=time(8))


@pytest.mark.parametrize("moment", [at_shanghai(8), at_shanghai(12), at_shanghai(21, 59)])
def test_by_day_nothing_is_quiet(moment: datetime) -> None:
    assert quiet_until(NIGHT, moment, None) is None


def test_at_ten_in_the_evening_it_is_quiet_until_eight() -> None:
    assert quiet_until(NIGHT, at_shanghai(22), None) == at_shanghai(24 + 8)


def test_after_midnight_it_is_quiet_until_eight_the_same_morning() -> None:
    assert quiet_until(NIGHT, at_shanghai(2), None) == at_shanghai(8)


def test_a_deadline_inside_the_night_is_told_at_once() -> None:
    assert quiet_until(NIGHT, at_shanghai(23), at_shanghai(24 + 1)) is None
    assert quiet_until(NIGHT, at_shanghai(23), at_shanghai(24 + 9)) is not None


def test_a_deadline_that_has_passed_wakes_nobody() -> None:
    assert quiet_until(NIGHT, at_shanghai(23), at_shanghai(22)) is not None


def test_a_nap_at_noon_ends_the_same_day() -> None:
    nap = QuietHours(start=time(12), end=time(14))
    assert quiet_until(nap, at_shanghai(13), None) == at_shanghai(14)
    assert quiet_until(nap, at_shanghai(14), None) is None


def test_no_quiet_hours_are_none() -> None:
    assert quiet_until(None, at_shanghai(23), None) is None
    assert quiet_until(QuietHours(start=time(8), end=time(8)), at_shanghai(8), None) is None


@given(st.times(), st.times(), st.integers(0, 48 * 60))
def test_when_the_silence_ends_it_is_over(start: time, end: time, minutes: int) -> None:
    quiet = QuietHours(start=start.replace(microsecond=0), end=end.replace(microsecond=0))
    moment = at_shanghai(0) + timedelta(minutes=minutes)
    until = quiet_until(quiet, moment, None)
    if until is not None:
        assert moment < until <= moment + timedelta(days=1)
        assert quiet_until(quiet, until, None) is None


def test_who_has_set_nothing_gets_everything_by_day() -> None:
    assert all(DEFAULT.wants(group, "wechat") for group in GROUPS)
    assert DEFAULT.quiet_hours == NIGHT


MINE = Preferences(channels={"claim": ("inbox",)}, quiet_hours=None, digest="off")


def test_a_group_that_was_added_since_takes_its_default_and_is_shown() -> None:
    groups = (*GROUPS, "evaluation")
    assert MINE.wants("evaluation", "wechat")
    assert PreferencesView.of(Stored(MINE, version=0, revision=1), groups).channels["evaluation"] == ("inbox", "wechat")
    body = PreferencesBody(channels={"evaluation": ["inbox"]}, quiet_hours=None, digest="off")
    assert not body.onto(MINE, groups).wants("evaluation", "wechat")


def test_groups_and_channels_that_this_version_does_not_know_are_kept_as_they_are() -> None:
    stored = {**MINE.model_dump(), "channels": {"claim": ("inbox",), "evaluation": ("inbox", "sms")}, "schema": 7}
    tomorrows = Preferences.model_validate(stored)
    changed = PreferencesBody(channels={"claim": ["wechat"]}, quiet_hours=None, digest="daily").onto(tomorrows, GROUPS)
    assert changed.channels == {"claim": ("inbox", "wechat"), "evaluation": ("inbox", "sms")}
    assert "evaluation" not in PreferencesView.of(Stored(changed, version=0, revision=2), GROUPS).channels
