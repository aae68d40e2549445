"""A city's own row becomes a row of the platform, by a table that the city writes once (YAML).

kind: institution
coordinates: bd09
rows: data.list               # where the rows of a JSON object are; left out where the file is a list
fields:                       # field of the platform: path in the source row, dotted, list items by number
  title: name
  longitude: location.lng
  latitude: geometry.coordinates.1
  organization.name: 单位名称
optional: [organization.name] # fields whose path a file may lack; the others' must lead somewhere
constants:
  tense: present
units:                        # of columns that hold bare numbers
  details.fund_size_fen: 万元
source_id:
  digest: [name, address]     # or a path, when the city has ids of its own

Without `fields` the columns are matched by what bureaus call them (headers.py), and the rest of the mapping holds as well.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Any, TypeGuard, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.sync.rows import cleaning
from services.sync.rows.errors import UnreadableError, reason
from services.sync.rows.files import FileRow, Found
from services.sync.rows.places import MARK
from services.sync.rows.row import Row
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.row_fields import RowFields


def _paths_of(model: type[BaseModel]) -> Iterator[str]:
    """The fields of a row as a table of columns names them: those of an object within it with a dot."""
    for name, field in model.model_fields.items():
        inner = next((each for each in get_args(field.annotation) if _is_model(each)), None)
        yield from (f"{name}.{path}" for path in _paths_of(inner)) if inner else (name,)


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


FIELDS = (*(path for path in _paths_of(Row) if path != "details"), "_deleted")
"""The fields of a row (docs/api.md, "A row"); `details.<name>` comes on top, whatever its kind needs."""

_DIGEST_LENGTH = 24
_DELETED = {
    **dict.fromkeys(("true", "1", "yes", "y", "是", "已删除", "删除", "√"), True),
    **dict.fromkeys(("false", "0", "no", "n", "否"), False),
}
"""What cities write in a column for deleted rows, in lower case. Any other word is left for the receipt, which rejects
the row: taken for a no, it would publish what the city wants gone."""
_BARE_NUMBER = re.compile(r"[0-9０-９,，.．]+")
_NOWHERE = object()
_MOST_COLUMNS = 60
"""Names that are listed for a clerk who looks for the right one."""


class Digest(BaseModel):
    """An id made of what identifies a row: the first 24 hex digits of SHA-256 over the named paths' values, cleaned."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    digest: tuple[str, ...] = Field(min_length=1)

    def of(self, row: FileRow) -> str | None:
        """None when the row has none of the named values: such a row cannot be told from another.

        A number that may have lost digits is the answer itself, for which the row will be rejected.
        """
        values = [_text(value_at(row, path)) for path in self.digest]
        if not any(values):
            return None
        if lost := next((each for each in values if cleaning.SCIENTIFIC_ID.fullmatch(each)), None):
            return lost
        canonical = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:_DIGEST_LENGTH]


class Mapping(BaseModel):
    """Field ← path, constants, and how a row is identified. Empty: the row is the platform's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Kind | None = None
    coordinates: CoordinateSystem | None = None
    rows: str | None = None
    fields: dict[str, str] = {}
    optional: tuple[str, ...] = ()
    constants: dict[str, Any] = {}
    units: dict[str, str] = {}
    source_id: str | Digest | None = None

    @property
    def id_paths(self) -> tuple[str, ...]:
        """Where the id of a row comes from."""
        if self.source_id is None:
            return ()
        return (self.source_id,) if isinstance(self.source_id, str) else self.source_id.digest

    @property
    def required(self) -> tuple[str, ...]:
        """The paths that must lead somewhere in a file."""
        return (*(path for name, path in self.fields.items() if name not in self.optional), *self.id_paths)

    @property
    def columns(self) -> dict[str, str]:
        """What the file itself calls each field."""
        own = {"source_id": self.source_id} if isinstance(self.source_id, str) else {}
        return {**self.fields, **own}

    def rows_of(self, found: Iterable[Found]) -> Iterator[FileRow]:
        """The platform's rows, each with its place.

        UnreadableError at the end where a path led nowhere in all of them, or in all of a sheet: a field that a file lacks is
        not one that the city has emptied.
        """
        missing, columns = dict[str, dict[str, None]](), dict[str, None]()
        for each in found:
            sheet = each.at.sheet or "" if each.at else ""
            if lacking := missing.setdefault(sheet, dict.fromkeys(self.required)):
                columns |= dict.fromkeys(_paths_in(each.values)) if len(columns) < _MOST_COLUMNS else {}
                missing[sheet] = {path: None for path in lacking if not _leads_somewhere(each.values, path)}
            place = {} if each.at is None else {MARK: each.at.on_the_wire()}
            yield self.apply(each.values) | place
        for sheet, lacking in missing.items():
            if lacking:
                raise UnreadableError(
                    f"{f'工作表“{sheet}”' if sheet else '文件'}里没有映射文件要的这些列：{'、'.join(lacking)}。"
                    f"文件里有：{'、'.join(columns)}。请改正映射文件或文件的列名；"
                    "本来就可能没有的列，请把它的字段写进映射文件的“optional”。"
                )

    def apply(self, row: FileRow) -> FileRow:
        """The platform's row."""
        pairs = (
            [(name, value_at(row, path)) for name, path in self.fields.items()] if self.fields else list(row.items())
        )
        pairs += self.constants.items()
        if self.source_id is not None:
            own = value_at(row, self.source_id) if isinstance(self.source_id, str) else self.source_id.of(row)
            pairs.append(("source_id", own))
        mapped: FileRow = {}
        for name, value in pairs:
            unit = self.units.get(name)
            _put(mapped, name, _shaped(name, value) if unit is None else _with_unit(value, unit))
        return self._deletion(mapped) if mapped.get("_deleted") is True else mapped

    def _deletion(self, mapped: FileRow) -> FileRow:
        """A deletion is its id alone, and a city's table has its other columns (and these constants) in that row too."""
        if not (self.fields or self.constants or self.source_id):
            return mapped  # the platform's own row: whoever wrote fields beside `_deleted` hears of it on the receipt
        return {name: mapped[name] for name in ("source_id", "_deleted") if name in mapped}


def load_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file; UnreadableError names what is wrong in it."""
    try:
        with path.open(encoding="utf-8-sig") as text:
            mapping = Mapping.model_validate(yaml.safe_load(text) or {})
    except OSError as error:
        raise UnreadableError(f"读不到映射文件 {path}：{reason(error)}。请检查 --mapping。") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(f"映射文件 {path} 不是 UTF-8 编码。请另存为 UTF-8 后再试。") from error
    except yaml.YAMLError as error:
        raise UnreadableError(
            f"映射文件 {path} 不是合格的 YAML：{_where(error)}。"
            "请检查那里和上一行：缩进只用空格并且对齐，冒号后面有空格，引号和括号成对。"
        ) from error
    except ValidationError as error:
        places = "、".join(".".join(map(str, fault["loc"])) or "最外层" for fault in error.errors())
        raise UnreadableError(f"映射文件 {path} 中这些地方不对：{places}。可用的项：{_sections()}。") from error
    unknown = [
        name for name in (*mapping.fields, *mapping.constants, *mapping.optional, *mapping.units) if not is_field(name)
    ]
    if unknown:
        raise UnreadableError(f"映射文件 {path} 中没有这样的字段：{'、'.join(unknown)}。可用的字段：{_fields()}。")
    return mapping


def _where(error: yaml.YAMLError) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None:
        return "含有不能出现的字符"
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 个字符处无法读下去"


def _sections() -> str:
    return "、".join(Mapping.model_fields)


def _fields() -> str:
    """As they are to be written, each with what people call it."""
    return "、".join(f"{each}（{each.chinese}）" for each in RowFields if is_field(each))


def is_field(name: str) -> bool:
    """Whether this is the path of a field, or of an object that holds some."""
    return name in FIELDS or name in {"organization", "contact", "details"} or name.startswith("details.")


def value_at(row: FileRow, path: str) -> Any:
    """The value at a dotted path, or None; a column whose name holds the dot itself goes first."""
    found = _followed(row, path)
    return None if found is _NOWHERE else found


def _leads_somewhere(row: FileRow, path: str) -> bool:
    return _followed(row, path) is not _NOWHERE


def _followed(row: FileRow, path: str) -> Any:
    """What the path leads to. An object that is null holds nothing, which is not the same as not being there."""
    if path in row:
        return row[path]
    value: Any = row
    for step in path.split("."):
        if value is None:
            return None
        if isinstance(value, list) and step.isdecimal():
            value = value[int(step)] if int(step) < len(value) else _NOWHERE
        else:
            value = value.get(step, _NOWHERE) if isinstance(value, MappingOf) else _NOWHERE
        if value is _NOWHERE:
            return _NOWHERE
    return value


def _paths_in(row: FileRow) -> Iterator[str]:
    """The names that a mapping could have used, objects within the row included."""
    for name, value in row.items():
        if isinstance(value, MappingOf) and value:
            yield from (f"{name}.{inner}" for inner in value)
        else:
            yield name


def _shaped(name: str, value: Any) -> Any:
    """Blank cells are none, and what cities write for a deleted row is understood; all else is left as it is for the
    platform, which says what it altered."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    return _DELETED.get(text.lower(), text) if name == "_deleted" else value


def _with_unit(value: Any, unit: str) -> Any:
    """5000 of a column in 万元 is 5000万元, as somebody would have written it; what has a unit of its own keeps it."""
    text = value.strip() if isinstance(value, str) else value
    if text is None or text == "" or isinstance(text, bool):
        return None if text == "" else text
    return f"{text}{unit}" if _BARE_NUMBER.fullmatch(str(text)) else text


def _put(row: FileRow, name: str, value: Any) -> None:
    if value is None:
        return
    outer, dot, inner = name.partition(".")
    if not dot:
        row[name] = value
        return
    nested = row.setdefault(outer, {})
    if isinstance(nested, dict):
        nested[inner] = value
    else:
        row[name] = value


def _text(value: Any) -> str:
    """A value as it counts for an id: what only looks different is the same."""
    if value is None:
        return ""
    text = cleaning.code(str(value))
    return "" if cleaning.is_nothing(text) else " ".join(text.split())
