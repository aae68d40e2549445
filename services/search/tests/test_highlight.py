"""Highlights."""

from services.search.querying.highlight import highlight


def test_what_was_met_is_marked_in_its_original_spelling() -> None:
    assert highlight(["双極板的塗層"], frozenset({"涂层", "双极"})) == "<em>双極</em>板的<em>塗層</em>"


def test_a_text_cannot_bring_its_own_markup() -> None:
    assert (
        highlight(['<b>涂层</b> & "x"'], frozenset({"涂层"})) == "&lt;b&gt;<em>涂层</em>&lt;/b&gt; &amp; &quot;x&quot;"
    )


def test_a_fragment_begins_shortly_before_what_was_met() -> None:
    text = "甲" * 100 + "涂层" + "乙" * 100
    assert highlight([text], frozenset({"涂层"})) == "…" + "甲" * 20 + "<em>涂层</em>" + "乙" * 58 + "…"


def test_the_first_text_that_has_a_token_is_shown() -> None:
    assert highlight([None, "无关", "涂层"], frozenset({"涂层"})) == "<em>涂层</em>"
    assert highlight(["无关"], frozenset({"涂层"})) is None


def test_a_word_is_marked_only_as_a_whole() -> None:
    assert highlight(["ab abc"], frozenset({"ab"})) == "<em>ab</em> abc"
