"""Confidential state matters 涉密 are refused: by the poster's own declaration, and by word list."""

import unicodedata
from collections.abc import Iterator
from importlib.resources import files

from services.challenges.posting.terms import Terms
from shared.values.problems import FieldError


def _read() -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = files(__package__).joinpath("classified_words.txt").read_text("utf-8").splitlines()
    entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return (
        tuple(_bare(each) for each in entries if not each.startswith("-")),
        tuple(_bare(each[1:]) for each in entries if each.startswith("-")),
    )


def _bare(text: str) -> str:
    """Without what is used to slip a word past a list: width variants, spaces, control and format characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] not in "ZC")


WORDS, HARMLESS = _read()


def word_in(text: str) -> str | None:
    """The first listed word that the text holds outside a harmless phrase, or None."""
    bare = _bare(text)
    for phrase in HARMLESS:
        bare = bare.replace(phrase, "|")
    return next((word for word in WORDS if word in bare), None)


def classified_faults(content: Terms) -> list[FieldError]:
    """Why this cannot be published at all: declared as confidential, or written as if it were."""
    declared = [FieldError("classified", "classified_matter", "涉密事项不得在本平台发布，请通过保密渠道办理")]
    found = [
        FieldError(path, "classified_word", f"含有涉密字样“{word}”，请删除后再提交；确属涉密的请通过保密渠道办理")
        for path, text in texts_of(content.model_dump(mode="json"))
        if (word := word_in(text))
    ]
    return [*(declared if content.classified else []), *found]


def texts_of(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value with its path, such as `reward.stages[1].name`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_of(inner, f"{path}[{index}]")
