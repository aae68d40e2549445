"""Marks the tokens of a query in a text: `…<em>涂层</em>…`, as safe HTML. tantivy's own cannot see into pre-cut texts."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from services.search.domain.text import HAN, fold

_WIDTH = 80
"""Characters of a fragment."""
_BEFORE = 20
_WORD = rf"[^\W_{HAN}]"

Span = tuple[int, int]


def highlight(texts: Iterable[str | None], tokens: frozenset[str]) -> str | None:
    """A fragment of the first text that has any of the tokens, all of them marked; None when no text has one."""
    for text in texts:
        if text and (spans := _spans(text, tokens)):
            return _fragment(text, spans)
    return None


def _spans(text: str, tokens: frozenset[str]) -> list[Span]:
    """The stretches that tokens cover, none touching another."""
    merged: list[Span] = []
    for met in _pattern(tokens).finditer(fold(text)):
        start, end = met.span(1)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=256)
def _pattern(tokens: frozenset[str]) -> re.Pattern[str]:
    """Finds tokens wherever they begin, overlapping ones too; a word of letters or digits only as a whole."""
    longest_first = sorted(tokens, key=lambda token: (-len(token), token))
    han = [token for token in longest_first if re.match(f"[{HAN}]", token)]
    words = [rf"(?<!{_WORD}){re.escape(token)}(?!{_WORD})" for token in longest_first if token not in set(han)]
    return re.compile(f"(?=({'|'.join([*han, *words])}))") if tokens else re.compile("(?!)()")


def _fragment(text: str, spans: list[Span]) -> str:
    start = max(0, spans[0][0] - _BEFORE)
    end = min(len(text), start + _WIDTH)
    parts, at = ["…" if start else ""], start
    for first, last in spans:
        if first >= end:
            break
        parts += [escape(text[at:first]), "<em>", escape(text[first : min(last, end)]), "</em>"]
        at = min(last, end)
    return "".join(parts) + escape(text[at:end]) + ("…" if end < len(text) else "")
