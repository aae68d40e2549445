"""What a query asks for."""

from hypothesis import given
from hypothesis import strategies as st

from services.search.querying.plan import plan_of, weight_of


def test_every_word_must_be_met_and_crossings_of_words_only_speak_for_a_document() -> None:
    plan = plan_of("双极板涂层寿命")
    assert set(plan.required) == {"双极", "极板", "涂层", "寿命"}
    assert {"板涂", "层寿", "双极板"} <= set(plan.scored) - set(plan.required)


def test_operators_are_literal_text() -> None:
    assert plan_of("(a+)+$").required == ("a",)
    assert plan_of("title:涂层 OR *").required == ("title", "涂层", "or")


def test_signs_alone_ask_for_nothing_that_exists() -> None:
    assert plan_of("+++").scored == ()


def test_function_words_need_not_be_met_unless_there_is_nothing_else() -> None:
    assert "的" not in plan_of("涂层的寿命").required
    assert plan_of("的").required == ("的",)


@given(st.text(max_size=40))
def test_what_is_required_is_also_scored(query: str) -> None:
    plan = plan_of(query)
    assert set(plan.required) <= set(plan.scored)


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_rarer_token_never_weighs_less(documents: int, having: int) -> None:
    having = min(documents, having)
    assert weight_of(documents, having) >= weight_of(documents, min(documents, having + 1)) >= 1


def test_a_token_that_no_document_has_weighs_nothing() -> None:
    assert weight_of(100, 0) == 0
