"""The plan of a query: required tokens, scored tokens and their weights. Pure.

Every word of the query must be met, a word of three or more characters by all of its bigrams, so that it is found however
the document's own text was cut. When nothing has every word (a slip, a homophone, a whole sentence), the next best is what
has every code and the most telling part of the rest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.search.domain.text import (
    FUNCTION_WORDS,
    bigrams,
    fold,
    long_words,
    pinyin_bigrams,
    runs,
    squeezed,
    words,
)

_MOST_TELLING = 40
_SHORTEST_CODE = 4
_LEAST_SHARE = 0.2
"""Of the most telling tokens, so much must be met; measured on CSL titles → abstracts, see tests/test_regression.py."""

Weight = int
"""In quarters, so that sums of them are exact in 32-bit floats, in whatever order a replica adds them up."""


@dataclass(frozen=True)
class Plan:
    """The tokens of a query. `required` is part of `scored`; `spoken` are pinyin bigrams; `exact` is a whole title.

    `codes` are those of the required that nobody writes by a slip, such as a model or a standard's number.
    """

    required: tuple[str, ...]
    codes: tuple[str, ...]
    scored: tuple[str, ...]
    spoken: tuple[str, ...]
    exact: str


@lru_cache(maxsize=2048)
def plan_of(query: str) -> Plan:
    """The plan of the text that a person typed. Nothing in it is an operator: `(a+)+$` asks for the word a."""
    required: list[str] = []
    scored: list[str] = []
    function_words: list[str] = []
    for run in runs(fold(query)):
        if not run.han:
            required.append(run.text)
            continue
        for word in words(run.text):
            (function_words if word in FUNCTION_WORDS else required).extend(bigrams(word))
        scored.extend(bigrams(run.text) if len(run.text) > 1 else [])
        scored.extend(long_words(run.text))
    required = required or function_words
    return Plan(
        required=tuple(dict.fromkeys(required)),
        codes=tuple(dict.fromkeys(token for token in required if _is_code(token))),
        scored=tuple(dict.fromkeys([*required, *scored])),
        spoken=tuple(sorted(pinyin_bigrams(query))),
        exact=squeezed(query),
    )


def _is_code(token: str) -> bool:
    return len(token) >= _SHORTEST_CODE and any(character.isdigit() for character in token)


def weight_of(documents: int, having: int) -> Weight:
    """The weight of a token that `having` of the documents have; 0 for a token that no document has."""
    return round(4 * math.log2(1 + documents / having)) if having else 0


def most_telling(tokens: Sequence[str], weights: Sequence[Weight]) -> list[tuple[str, Weight]]:
    """The tokens that weigh most, with their weights; those that no document has are left out."""
    known = [(token, weight) for token, weight in zip(tokens, weights, strict=True) if weight]
    return sorted(known, key=lambda each: -each[1])[:_MOST_TELLING]


def least_met(tokens: int) -> int:
    """Of so many telling tokens, how many a document must have to count as a near hit."""
    return max(1, math.ceil(_LEAST_SHARE * tokens))
