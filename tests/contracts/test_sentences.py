"""Sentences for people hold no name of a header, a field or a value: codes are for machines.

Every Chinese text of the code is read, and every word that code puts into a refusal, so that a new one need not be listed.
What is put into sentences about rows is read from rejected rows; what a running system answers, in tests/security. Command
lines are apart: their users type names.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.sync.rows.alterations import Alteration
from services.sync.rows.reading import Content, Pushed, read_row
from services.sync.rows.rejections import MESSAGES, Rejection
from shared.events.sync import Kind
from shared.values.row_fields import RowFields, field_name
from tests.sentences import names_in

ROOT = Path(__file__).parents[2]
_CHINESE = re.compile("[\u4e00-\u9fff]")

ELSEWHERE = {
    "services/sync/agent/options.py": "a command line's options",
    "services/sync/agent/settings.py": "the same, as a file has them",
    "services/sync/agent/setup.py": "commands to type",
    "shared/wechat/errors.py": "WeChat's own words, for the log of operators",
    "shared/events/contracts.py": "the description of a document for developers",
    "shared/events/asyncapi.py": "the same",
    "shared/events/topics.py": "the same",
    "shared/values/phones.py": "a pattern",
    "shared/values/retention.py": "the page docs/retention.md and what the machine's operators set, by its name",
    "shared/operations/retention.py": "the same",
}


def _files() -> Iterator[Path]:
    for folder in ("services", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            if not {"tests", "cli"} & set(parts) and not path.stem.endswith("cli"):
                yield path


FILES = {str(path.relative_to(ROOT)): path for path in _files()}


def _sentences(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts that are no docstrings."""
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node


def _put_in(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts that fill the placeholders of a refusal; what only looks a text up is none of them."""
    keys = {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
            filled = (each for keyword in node.keywords for each in ast.walk(keyword.value))
            yield from (each for each in filled if isinstance(each, ast.Constant) and id(each) not in keys)


@pytest.mark.parametrize("name", [each for each in FILES if each not in ELSEWHERE])
def test_a_sentence_names_no_header_no_field_and_no_value(name: str) -> None:
    tree = ast.parse(FILES[name].read_text())
    shown = [*(each for each in _sentences(tree) if _CHINESE.search(str(each.value))), *_put_in(tree)]
    found = {each.lineno: names for each in shown if (names := names_in(str(each.value)))}
    assert found == {}


def test_every_exception_is_a_file_that_is_there() -> None:
    assert ELSEWHERE.keys() <= FILES.keys()


_WRONG: tuple[Any, ...] = (
    None,
    True,
    7,
    -1,
    10**16,
    1.5,
    "",
    "x",
    "7",
    "#REF!",
    "\ufffd",
    "9" * 9_999,
    [],
    [7],
    ["长" * 999],
    ["x"] * 99,
    {},
    {"x": 1},
)


def _rejections() -> Iterator[Rejection]:
    """What a row is told that has something wrong in one of its fields, whatever its kind."""
    for path in RowFields:
        outer, _, inner = path.partition(".")
        for kind in Kind:
            for value in _WRONG:
                row = {"source_id": "A", "title": "T", outer: {inner: value} if inner else value}
                found = read_row(json.dumps(row).encode(), Pushed(kind))
                if isinstance(found, Rejection):
                    yield found
                elif isinstance(found, Content):
                    yield from (_as_rejection(each) for each in found.altered if each.warns)


def _as_rejection(warning: Alteration) -> Rejection:
    """What was left out of a row is told in the same sentences."""
    return Rejection(None, warning.field, warning.code or "", warning.message or "")


REJECTIONS = list(_rejections())


def test_a_row_is_told_what_is_wrong_with_it_without_the_name_of_a_field_or_a_value() -> None:
    assert {each.message: names for each in REJECTIONS if (names := names_in(each.message))} == {}
    assert {code for code, text in MESSAGES.items() if "{field}" in text} <= {each.code for each in REJECTIONS}


def test_every_field_that_can_be_wrong_has_a_chinese_name() -> None:
    named = {each.field for each in REJECTIONS if each.field and each.code != "unknown_field"}
    assert {each for each in named if names_in(field_name(each))} == set()
