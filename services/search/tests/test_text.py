"""Folding and cutting."""

from hypothesis import given
from hypothesis import strategies as st

from services.search.domain.text import (
    bigrams,
    fold,
    long_words,
    openings,
    pinyin_bigrams,
    runs,
    squeezed,
    tokens,
    words,
)


def test_full_width_traditional_and_capital_letters_are_one_with_their_plain_forms() -> None:
    assert fold("ＧＢ／Ｔ　２００４２ 科學研究") == "gb/t 20042 科学研究"


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_text_is_found_by_characters_pairs_and_words() -> None:
    assert {"双", "双极", "极板", "双极板", "涂层"} <= tokens("双极板涂层")


def test_the_words_of_this_house_are_not_split() -> None:
    assert words("揭榜挂帅专精特新双极板") == ("揭榜挂帅", "专精特新", "双极板")


def test_numbers_and_latin_words_are_whole_tokens() -> None:
    assert {"ab12cd", "31"} <= tokens("容错AB12cd第31号")
    assert "3" not in tokens("容错AB12cd第31号")


@given(st.text(st.sampled_from("双极板涂层科学研究院無人機aB1 ，\n々〇\U00020000")))
def test_a_text_is_found_by_what_each_of_its_runs_is_found_by(text: str) -> None:
    each_run = [
        {*run.text, *bigrams(run.text), *long_words(run.text)} if run.han else {run.text} for run in runs(fold(text))
    ]

    assert tokens(text) == set().union(*each_run)


def test_homophones_share_their_pinyin_bigrams() -> None:
    assert pinyin_bigrams("双机板") == pinyin_bigrams("双极板") == {"shuang_ji", "ji_ban"}


def test_a_title_can_be_begun_in_characters_pinyin_and_initials_at_each_word() -> None:
    begun = openings("氢能双极板")
    assert begun[:3] == ["氢能双极板", "qingnengshuangjiban", "qnsjb"]
    assert {"双极板", "shuangjiban", "sjb"} <= set(begun)


def test_two_spellings_of_a_title_squeeze_to_one() -> None:
    assert squeezed("《Ａ 股》——指数") == squeezed("a股指数")
