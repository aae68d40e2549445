"""Where in a text the query was met: `…<em>涂层</em>…`, as safe HTML. tantivy's own cannot see into pre-cut texts."""

from collections.abc import Collection, Iterable
from html import escape

from services.search.text import fold, runs

_WIDTH = 80
"""Characters of a fragment."""
_BEFORE = 20


def highlight(texts: Iterable[str | None], tokens: Collection[str]) -> str | None:
    """A fragment of the first text that has any of the tokens, all of them marked; None when no text has one."""
    for text in texts:
        if text and (marked := _marked(text, tokens)):
            return _fragment(text, marked)
    return None


def _marked(text: str, tokens: Collection[str]) -> list[bool]:
    """For each character whether a token covers it; empty when none is covered."""
    folded, longest = fold(text), max(map(len, tokens), default=0)
    covered = [False] * len(text)
    for run in runs(folded):
        if not run.han:
            spans = [(run.start, run.start + len(run.text))] if run.text in tokens else []
        else:
            starts = range(run.start, run.start + len(run.text))
            ends = {at: min(run.start + len(run.text), at + longest) for at in starts}
            spans = [(at, end) for at in starts for end in range(ends[at], at, -1) if folded[at:end] in tokens]
        for start, end in spans:
            covered[start:end] = [True] * (end - start)
    return covered if any(covered) else []


def _fragment(text: str, covered: list[bool]) -> str:
    start = max(0, covered.index(True) - _BEFORE)
    end = min(len(text), start + _WIDTH)
    parts, marking = ["…" if start else ""], False
    for character, wanted in zip(text[start:end], covered[start:end], strict=True):
        if wanted != marking:
            parts.append("<em>" if wanted else "</em>")
            marking = wanted
        parts.append(escape(character))
    return "".join(parts) + ("</em>" if marking else "") + ("…" if end < len(text) else "")
