"""Credit codes and names, as people type them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.accounts.organizations.bodies import Application, Rejection, credit_code_of
from services.accounts.people.bodies import Profile
from shared.values.credit_codes import check_character
from shared.values.problems import Refusal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
first_seventeen = st.text(ALPHABET, min_size=17, max_size=17)


def error_of(code: str) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        credit_code_of(code)
    assert refused.value.errors[0].field == "credit_code"
    return refused.value.errors[0].code, refused.value.errors[0].message


@given(first_seventeen)
def test_every_code_with_its_check_character_is_taken(first: str) -> None:
    code = first + check_character(first)
    assert credit_code_of(code) == code


@given(first_seventeen, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_anywhere_is_noticed(first: str, place: int, wrong: str) -> None:
    code = first + check_character(first)
    assume(code[place] != wrong)
    assert error_of(code[:place] + wrong + code[place + 1 :])[0] == "bad_check_character"


@given(first_seventeen, st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_noticed(first: str, place: int) -> None:
    code = first + check_character(first)
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert error_of(swapped)[0] == "bad_check_character"


@given(first_seventeen)
def test_small_letters_blanks_and_full_width_characters_do_not_matter(first: str) -> None:
    code = first + check_character(first)
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    assert credit_code_of(f" {code[:8].lower()} {code[8:]}\u3000") == code
    assert credit_code_of(wide) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_a_refusal_on_the_field(text: str) -> None:
    outcome: str | list[str]
    try:
        outcome = credit_code_of(text)
    except Refusal as refusal:
        outcome = [error.field for error in refusal.errors]
    assert outcome == ["credit_code"] or check_character(str(outcome)[:17]) == str(outcome)[17]


@pytest.mark.parametrize(
    ("code", "wrong", "said"),
    [
        ("9132050012345678", "bad_length", "现为 16 位"),
        ("O1320500MA519ECAA3", "bad_character", "现有 O"),
        ("91320500-MA519ECAA", "bad_character", "其他字符"),
        ("91320500MA519ECAA5", "bad_check_character", "校验位"),
        ("", "bad_length", "现为 0 位"),
    ],
)
def test_the_refusal_says_which_rule_is_broken(code: str, wrong: str, said: str) -> None:
    found, message = error_of(code)
    assert found == wrong
    assert said in message


APPLICATION = {
    "name": "苏州某公司",
    "credit_code": "91320500MA519ECAA3",
    "jurisdiction": "suzhou",
    "kind": "enterprise",
    "contact": {"name": "联系人", "phone": "051212345678"},
}


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\u202e\n"])
def test_a_name_or_reason_that_nobody_can_see_is_refused(nothing: str) -> None:
    for body, written in ((Application, {**APPLICATION, "name": nothing}), (Profile, {"nickname": nothing})):
        with pytest.raises(ValidationError):
            body.model_validate(written)
    with pytest.raises(ValidationError):
        Rejection.model_validate({"reason": nothing})


def test_what_nobody_can_see_is_not_kept_in_a_name() -> None:
    assert Application.model_validate({**APPLICATION, "name": "苏州\u202e某\n公司\u200b"}).name == "苏州某 公司"
    assert Profile.model_validate({"nickname": "\u200b小\x07王"}).nickname == "小王"
    assert Profile.model_validate({"nickname": None}).nickname is None
