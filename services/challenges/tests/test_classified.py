"""Confidential state matters are refused at submission."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.challenges.posting import actions
from services.challenges.posting.classified import HARMLESS, WORDS, classified_faults, word_in
from services.challenges.tests.building import NOW, content, drafted
from shared.values.problems import Refusal


def test_a_challenge_that_is_declared_classified_cannot_be_submitted() -> None:
    with pytest.raises(Refusal) as refused:
        actions.submit(drafted(classified=True), "user-1", NOW)
    assert refused.value.problem.code == "classified_matter"
    assert [(each.field, each.code) for each in refused.value.errors] == [("classified", "classified_matter")]


def test_a_listed_word_in_any_text_stops_the_submission_and_is_pointed_at() -> None:
    reward = {"amount_fen": 1, "stages": [{"name": "绝密阶段", "percent": 100}]}
    with pytest.raises(Refusal) as refused:
        actions.submit(drafted(reward=reward, funding=[]), "user-1", NOW)
    assert [(each.field, each.code) for each in refused.value.errors] == [("reward.stages[0].name", "classified_word")]


@pytest.mark.parametrize("text", ["本项目不涉密", "干涉密度测量", "隔绝密封腔体", "有机密封胶", "保护商业秘密"])
def test_harmless_words_that_look_like_it_pass(text: str) -> None:
    assert word_in(text) is None


@given(st.sampled_from(WORDS), st.text("  \t\n\u200b\u200d\ufeff\u3000", max_size=3))
def test_a_listed_word_is_found_whatever_invisible_characters_stand_in_it(word: str, filler: str) -> None:
    assert word_in(f"关于{filler.join(word)}的说明") is not None


@given(st.text(max_size=50), st.sampled_from(HARMLESS))
def test_a_harmless_phrase_never_hides_a_listed_word_beside_it(text: str, harmless: str) -> None:
    assert word_in(f"{text}。{harmless}。国家秘密") is not None


def test_an_ordinary_challenge_is_not_suspected() -> None:
    assert classified_faults(content().terms()) == []
