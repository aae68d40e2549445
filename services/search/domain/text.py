"""Text analysis: folds a text, then cuts it into tokens for recall (Han unigrams, bigrams) and for precision (words).

Folding keeps every character in its place, so a token found in the folded text stands at the same place in the original.
Whatever changes a token here, the dictionary included, is part of `TOKENIZER_VERSION`: an index of another version is rebuilt.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from operator import add
from typing import NamedTuple

import opencc
import rjieba
from pypinyin import lazy_pinyin

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han characters, as they stand between the brackets of a regular expression."""
_HAN_RUN, _OTHER_RUN = rf"[{HAN}]+", rf"[^\W_{HAN}]+"
_RUNS = re.compile(rf"(?P<han>{_HAN_RUN})|(?P<word>{_OTHER_RUN})")
_HAN_RUNS, _OTHER_RUNS = re.compile(_HAN_RUN), re.compile(_OTHER_RUN)
_LONGEST_WORD = 64
LONGEST_OPENING = 24
"""Characters of what can be typed towards a suggestion; more changes nothing."""
_DICTIONARY = "words.txt"
_FREQUENCY = 100_000
"""Given to each of our words: higher than any split of it, so that rjieba keeps it whole."""

FUNCTION_WORDS = frozenset("的了和与及或在是之其为以于对将被把从向由等而且并也都就还又很更最个中")
"""Single characters that a query need not find: they carry no subject."""


def _words() -> list[str]:
    text = files(__package__).joinpath(_DICTIONARY).read_text("utf-8")
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]


def _traditional() -> dict[int, int]:
    """Traditional character → simplified, from the table that comes with opencc, only where both are one character."""
    table = files(opencc).joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split() for line in table.splitlines() if line)
    return {ord(each[0]): ord(each[1]) for each in pairs if len(each[0]) == len(each[1]) == 1}


def _folding() -> dict[int, int]:
    narrow = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
    upper = [code for code in range(0x41, 0x250F) if len(chr(code).lower()) == 1]
    lower = {code: ord(chr(code).lower()) for code in upper if chr(code).lower() != chr(code)}
    return _traditional() | lower | {wide: lower.get(code, code) for wide, code in narrow.items()}


_FOLD = _folding()


@cache
def _jieba() -> rjieba.Jieba:
    segmenter = rjieba.Jieba()
    for word in _words():
        segmenter.add_word(word, _FREQUENCY, "n")
    return segmenter


def _version() -> str:
    rules = "1\n" + "\n".join(_words())
    return hashlib.sha256(rules.encode()).hexdigest()[:12]


TOKENIZER_VERSION = _version()


def fold(text: str) -> str:
    """The text in lower case, half-width and simplified characters; as long as it was, character for character."""
    return text.translate(_FOLD)


class Run(NamedTuple):
    """A stretch of Han characters, or one word or number of another script, in a folded text."""

    text: str
    start: int
    han: bool


def runs(folded: str) -> Iterator[Run]:
    """The runs of a folded text, in order; everything between them separates."""
    for match in _RUNS.finditer(folded):
        han = match.lastgroup == "han"
        yield Run(match.group() if han else match.group()[:_LONGEST_WORD], match.start(), han)


@lru_cache(maxsize=64)
def _cut(text: str) -> tuple[Run, ...]:
    """The runs of a text. Kept for a moment, since a title is asked for in several forms one after another."""
    return tuple(runs(fold(text)))


def bigrams(han: str) -> list[str]:
    """The overlapping pairs of a stretch of Han characters; a single character stands for itself."""
    return list(map(add, han, han[1:])) or [han]


@lru_cache(maxsize=64)
def words(han: str) -> tuple[str, ...]:
    """The words of a stretch of Han characters, none overlapping, all of it covered."""
    return tuple(_jieba().cut(han, False))


def long_words(han: str) -> list[str]:
    """The search words of Han characters that are longer than a bigram; they may overlap. A line break separates."""
    if len(han) < 3:
        return []
    return [word for word in _jieba().cut_for_search(han, False) if len(word) > 2]


def tokens(text: str) -> set[str]:
    """All that a document can be found by: unigrams, bigrams and search words of Han, words and numbers of other scripts.

    The same as from `runs`, without the places: half of what indexing costs was spent here.
    """
    folded = fold(text)
    found = {word[:_LONGEST_WORD] for word in _OTHER_RUNS.findall(folded)}
    stretches = _HAN_RUNS.findall(folded)
    for han in stretches:
        found.update(han, map(add, han, han[1:]))
    found.update(long_words("\n".join(stretches)))
    return found


def syllables(han: str) -> list[str]:
    """One pinyin syllable without tone for each character, each word read as a whole."""
    return [syllable for word in words(han) for syllable in _read(word)]


@lru_cache(maxsize=1 << 16)
def _read(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


def pinyin_bigrams(text: str) -> set[str]:
    """Pairs of neighbouring syllables, such as `shuang_ji`: what homophones have in common."""
    found: set[str] = set()
    for run in _cut(text):
        if run.han:
            read = syllables(run.text)
            found.update(f"{first}_{second}" for first, second in pairwise(read))
    return found


def squeezed(text: str) -> str:
    """The folded text without anything that separates: what two spellings of one title have in common."""
    return "".join(run.text for run in _cut(text))


def openings(text: str) -> list[str]:
    """The beginnings that may be typed for a title, at its start and at each of its words: characters, pinyin, initials.

    The first three belong to the start of the title.
    """
    characters, pinyin, initials = _spelled(_cut(text))
    starts = _word_starts(_cut(text))
    found: list[str] = []
    for at in starts:
        for spelled in (characters, pinyin, initials):
            found.append("".join(spelled[at:])[:LONGEST_OPENING])
    return list(dict.fromkeys(each for each in found if each))


def _spelled(parts: Sequence[Run]) -> tuple[list[str], list[str], list[str]]:
    """Three spellings of equal length, an entry for each Han character and for each other word."""
    characters: list[str] = []
    pinyin: list[str] = []
    for part in parts:
        characters.extend(part.text if part.han else [part.text])
        pinyin.extend(syllables(part.text) if part.han else [part.text])
    return characters, pinyin, [each[:1] for each in pinyin]


def _word_starts(parts: Sequence[Run]) -> list[int]:
    starts, at = [], 0
    for part in parts:
        for word in words(part.text) if part.han else [part.text]:
            starts.append(at)
            at += len(word) if part.han else 1
    return starts
