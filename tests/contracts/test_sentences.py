"""Sentences for people hold no name of a header, a field or a value: codes are for machines.

Every Chinese text of the code is read, so that a new one need not be listed. Command lines are apart: their users type names.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_CHINESE = re.compile("[\u4e00-\u9fff]")
_NAME = re.compile(r"(?<![A-Za-z0-9_{.:/-])[A-Za-z_][A-Za-z0-9_-]{2,}(?![A-Za-z0-9_}:])")
"""A word of three letters or more that is no placeholder, no path and no part of an address."""

WORDS = {
    *("JSON", "CSV", "XML", "YAML", "DTD", "gzip", "Excel"),  # formats, as the software of an office calls them
    *("UTF-8", "GB18030", "GBK", "ASCII", "Base64", "NUL", "MiB"),
    *("SHA-256", "Ed25519", "BD-09", "GCJ-02", "WGS-84"),
    *("huning-agent", "keygen"),  # a command to type
    *("Kafka", "MongoDB"),  # for operators, who run them
    "AppID",  # what the settings page of WeChat calls it
    *("true", "false"),  # what a JSON file of a city holds
}
ELSEWHERE = {
    "shared/wechat/errors.py": "WeChat's own words, for the log of operators",
    "shared/events/contracts.py": "the description of a document for developers",
    "shared/events/asyncapi.py": "the same",
    "shared/events/topics.py": "the same",
    "shared/values/phones.py": "a pattern",
}


def _files() -> Iterator[Path]:
    for folder in ("services", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            if not {"tests", "agent", "cli"} & set(parts) and not path.stem.endswith("cli"):
                yield path


FILES = {str(path.relative_to(ROOT)): path for path in _files()}


def _sentences(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts that are no docstrings."""
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node


@pytest.mark.parametrize("name", [each for each in FILES if each not in ELSEWHERE])
def test_a_sentence_names_no_header_no_field_and_no_value(name: str) -> None:
    found = {
        node.lineno: names
        for node in _sentences(ast.parse(FILES[name].read_text()))
        if _CHINESE.search(str(node.value))
        and (names := [each for each in _NAME.findall(str(node.value)) if each not in WORDS])
    }
    assert found == {}


def test_every_exception_is_a_file_that_is_there() -> None:
    assert ELSEWHERE.keys() <= FILES.keys()
