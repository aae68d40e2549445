import re
from pathlib import Path

import pytest

from services.notifications.sending import judging, outcomes, sender
from services.notifications.sending.outcomes import _TABLE
from services.notifications.sending.reasons import REASONS, sentence_of

_GIVEN = re.compile(r'(?:Skip\(|Wait\([^"]*|reason=)"([a-z_]+)"')


def test_every_reason_that_a_delivery_can_have_is_a_sentence_for_operators() -> None:
    given = {row.reason for row in _TABLE.values()} | {"no_answer", "wechat_unreachable", "template_stopped"}
    for module in (judging, outcomes, sender):
        assert module.__file__ is not None
        given |= set(_GIVEN.findall(Path(module.__file__).read_text()))
    assert given == set(REASONS)


@pytest.mark.parametrize("reason", [*REASONS, "wechat_43101", "message_refused_47003", "wechat_-1"])
def test_a_sentence_is_chinese_and_names_no_field(reason: str) -> None:
    sentence = sentence_of(reason)
    assert sentence is not None
    assert not re.search(r"[a-z]{4,}_?[a-z]*", sentence)


def test_a_reason_of_tomorrow_has_no_sentence_yet_and_breaks_nothing() -> None:
    assert sentence_of("asleep") is None
    assert sentence_of(None) is None
