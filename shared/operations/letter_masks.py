"""What operators are shown of a dead letter's message before they say why they must read it: its shape, and no words.

Default deny: a value is shown where its field is known to name a thing, a kind or a time, and where it looks like one.
"""

import re
from typing import Any

import orjson

_SHOWN = frozenset(
    {
        "id",
        "jurisdiction",
        "kind",
        "state",
        "status",
        "mode",
        "type",
        "role",
        "verdict",
        "tense",
        "version",
        "revision",
        "seq",
        "rows",
        "deadline",
        "specversion",
    }
)
_ENDINGS = ("_id", "_at", "_version")
_NAME = re.compile(r"(?!\d{7,}$)[A-Za-z0-9_./:+-]{1,100}")
"""A name of ours: no blanks, no Chinese, and not digits alone, which may be a telephone or an identity number."""


def masked(message: bytes) -> str:
    """The message as JSON whose values are hidden; of what is no JSON its size."""
    try:
        content = orjson.loads(message)
    except orjson.JSONDecodeError:
        return f"…（{len(message)} 字节）"
    return orjson.dumps(_hidden(content, shown=False)).decode()


def _hidden(value: Any, *, shown: bool) -> Any:
    if isinstance(value, dict):
        return {_key(name): _hidden(each, shown=_is_shown(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each, shown=shown) for each in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if shown and _NAME.fullmatch(value) else f"…（{len(value)} 字）"
    return value if shown and abs(value) < 10**7 else "…"


def _key(name: str) -> str:
    """A field's name may be somebody's words as well, such as a column of a city."""
    return name if re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name) else "…"


def _is_shown(name: str) -> bool:
    return name in _SHOWN or name.endswith(_ENDINGS)
