"""What is left of a text is what somebody can read."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from shared.values.readable import LINE, PROSE, line, prose

NEVER = "\t\r\v\f\x00\x07\x1b\x1f\x7f\x85\u00ad\u200b\u200c\u200e\u2028\u2029\u202e\u2060\u2066\u3164\ufeff\U000e0041"
ODD = NEVER + "ab中٣́ \n\u00a0\u200d\u2800\u3000\ufe0f\u2764👩💻🏽\U000e0101"
TEXTS = st.one_of(st.text(), st.text(ODD), st.text("a \u200b\u200d\u2800\ufe0f\u2764💻"))


def shows(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character != "\u2800"


@given(TEXTS)
@example("a\u2800\u200d\u2800b")
@example("\ufe0f\u200d💻")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert line(line(text)) == line(text)
    assert prose(prose(text)) == prose(text)


@given(TEXTS)
def test_what_is_left_is_nothing_or_can_be_seen(text: str) -> None:
    for left in (line(text), prose(text)):
        assert left == left.strip()
        assert not left or any(unicodedata.category(each) in ("Cn", "Co") or shows(each) for each in left)
        assert not set(NEVER).intersection(left)
    assert "\n" not in line(text)
    assert "  " not in line(text)


@given(st.text(st.characters(categories=("Cc", "Zs", "Zl", "Zp", "Mn"))))
def test_controls_blanks_and_marks_alone_are_nothing(text: str) -> None:
    assert line(text) == prose(text) == ""


@given(st.text(st.characters(categories=("L", "N", "P"), exclude_characters="\u115f\u1160\u3164\uffa0"), min_size=1))
def test_letters_digits_and_marks_of_punctuation_stay_as_they_are(text: str) -> None:
    assert line(text) == prose(text) == text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("涂层\u202e寿命\x07提升\x1b", "涂层寿命提升"),
        ("两行\r\n标题\t 之二", "两行 标题 之二"),
        ("\u200b\u200d", ""),
        ("\ufe0f\u200d\ufe0f", ""),
        ("👩\u200d💻 与 ❤\ufe0f\u200d🔥", "👩\u200d💻 与 ❤\ufe0f\u200d🔥"),
        ("1\ufe0f\u20e3 葛\U000e0100城", "1\ufe0f\u20e3 葛\U000e0100城"),
        ("研\u200d发", "研发"),
    ],
)
def test_a_line_keeps_what_changes_what_is_seen_and_nothing_else(written: str, meant: str) -> None:
    assert line(written) == meant


def test_prose_keeps_its_lines_and_their_indentation() -> None:
    assert (
        prose("\ufeff第一段\r\n\u3000\u3000第二段\u202e\x07\u2028- 一\t二\n\n") == "第一段\n\u3000\u3000第二段\n- 一 二"
    )


class Body(BaseModel):
    title: Annotated[str, Field(strict=True, min_length=1, max_length=3), LINE]
    text: Annotated[str, Field(min_length=1, max_length=3), PROSE] = "文"


@pytest.mark.parametrize("title", ["", " ", "\u200b", "\u200b\u200d", "\u3164\n", "一二三四", None, 1, ["a"]])
def test_a_field_counts_what_can_be_seen(title: object) -> None:
    with pytest.raises(ValidationError):
        Body.model_validate({"title": title})
    assert Body.model_validate({"title": "\u200b一二三\u200b"}).title == "一二三"


@pytest.mark.parametrize("field", Body.model_fields)
def test_a_text_that_nobody_can_see_is_too_short(field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate({"title": "题", field: "\u200b"})
    assert [each["type"] for each in refused.value.errors()] == ["string_too_short"]
