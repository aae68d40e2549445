"""A list without a mapping: its columns are matched to fields by what bureaus call them, and what has no match is said.

A name that is the path of a field, such as `contact.phone`, is that field. A list with names that are ours alone was written by a
program for the platform: its other names in Latin letters stay for the platform, which rejects them. Everywhere else a column
that is no field is passed over, with a note.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import FileRow, Found, HowToRead, first_row, read_rows
from services.sync.rows.mapping import FIELDS, Digest, Mapping, is_field
from services.sync.rows.places import MARK
from services.sync.rows.vocabulary import AMOUNTS, fields_of, identity_of, plain, unit_in, words_for, words_of
from shared.events.sync import Kind
from shared.values.row_fields import field_name

_LINE_NUMBERS = {"序号", "序", "no", "no."}
"""They count the lines of one file, and are no ids: the next list counts anew."""
_OURS = {name for name in FIELDS if not name.isalpha()}
"""Names that nobody else uses: `address` may be any program's word, `source_id` and `contact.phone` are ours."""
_OF_ITS_GROUP = {"名称", "全称", "姓名"}
"""所属单位 above 名称 is the name of that, and no title."""
_MOST_SAID = 12
_MOST_WORDS = 3
_MOST_SHAPES = 1_000
"""Shapes of JSON objects that are remembered; rows of a program have few."""

Names = tuple[str, ...]


@dataclass
class Headers:
    """Reads the rows of one push. `columns` is what the file calls the fields, as far as it was read."""

    kind: Kind
    mapping: Mapping
    note: Callable[[str], None]
    columns: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[str | None, Names], Mapping] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def of_file(self, path: Path, encoding: str | None = None) -> Iterator[FileRow]:
        """The platform's rows of a file, at least one. UnreadableError where it cannot be taken as it is."""
        how = HowToRead(encoding, self.mapping.rows, self.note)
        return self.rows_of(first_row(read_rows(path, how)))

    def rows_of(self, found: Iterable[Found]) -> Iterator[FileRow]:
        """The platform's rows, each with its place. A mapping that names fields is the city's own word, and decides alone."""
        if self.mapping.fields:
            self.columns |= self.mapping.columns
            yield from self.mapping.rows_of(found)
            return
        for each in found:
            table = self._table(each)
            place = {} if each.at is None else {MARK: each.at.on_the_wire()}
            yield table.apply(each.values) | place

    def _table(self, each: Found) -> Mapping:
        sheet = each.at.sheet if each.at else None
        names = each.header if each.header is not None else _names_in(each.values)
        if (table := self._known.get((sheet, names))) is None:
            if len(self._known) >= _MOST_SHAPES:
                self._known.clear()
            table = self._known[(sheet, names)] = self._matched(names, sheet, listed=each.header is not None)
            self.columns = {**table.columns, **self.columns}
        return table

    def _matched(self, names: Names, sheet: str | None, *, listed: bool) -> Mapping:
        """The mapping that a city would have written for these names. `listed`: they are all that the list has."""
        where = f"工作表“{sheet}”" if sheet else "文件"
        fields, over = self._fields(names, where)
        if over:
            self._say_passed_over(over, fields, where)
        own_id = self.mapping.source_id
        if listed and "_deleted" not in fields:
            self._want(fields, "title", where)
            if own_id is None and "source_id" not in fields:
                own_id = self._made_of(fields, where)
        if own_id is None and all(name == path for name, path in fields.items()) and not over:
            fields = {}  # the platform's own rows, as they are
        units = {path: unit for path, name in fields.items() if path in AMOUNTS and (unit := unit_in(name))}
        table = self.mapping.model_copy(update={"fields": fields, "source_id": own_id, "units": units})
        if own_id is not None and own_id is self.mapping.source_id:
            _refuse_missing(table.id_paths, names, where)
        return table

    def _fields(self, names: Names, where: str) -> tuple[dict[str, str], list[str]]:
        """(field → name, names without a field). UnreadableError where two names are one field."""
        own = any(name in _OURS for name in names)
        fields, over = dict[str, str](), list[str]()
        for name in filter(None, names):
            path = name if is_field(name) else self._known_as(name, own)
            if path is None and own and name.isascii():
                path = name
            if path is None:
                over.append(name)
            elif path in fields:
                raise UnreadableError(
                    f"{where}的“{fields[path]}”和“{name}”两列都是“{field_name(path)}”。请只保留一列，"
                    f"或在映射文件的“fields”里写明用哪一列：“{path}: {name}”。"
                )
            else:
                fields[path] = name
        return fields, over

    def _known_as(self, name: str, own: bool) -> str | None:
        """The field of a name: as a whole (联系人.电话 is 联系人电话), or by its group and its last part."""
        if name.isascii() and own:
            return None
        words, whole = words_of(self.kind), plain(name)
        if field := words.get(whole) or words.get(whole.replace(".", "")):
            return field
        group, _, last = whole.rpartition(".")
        return words.get(group if last in _OF_ITS_GROUP else last) if group else None

    def _want(self, fields: dict[str, str], path: str, where: str) -> None:
        if path not in fields:
            looked_for = "、".join((path, *words_for(self.kind, path)))
            raise UnreadableError(
                f"{where}里没有找到“{field_name(path)}”这一列，找过的列名有：{looked_for}。请改好列名，或用映射文件说明。"
            )

    def _made_of(self, fields: dict[str, str], where: str) -> Digest:
        """Ids for a list that has none: of what tells its records apart, always the same columns."""
        parts = identity_of(self.kind)
        named = "和".join(f"“{field_name(each)}”" for each in parts)
        if missing := [each for each in parts if each not in fields]:
            looked_for = "、".join(words_for(self.kind, "source_id"))
            raise UnreadableError(
                f"{where}里没有编号列（找过的列名有：{looked_for}），也没有“{field_name(missing[0])}”列可以与标题一起区分各行。"
                "请给每行一个固定的编号，或在映射文件里用“source_id”说明。"
            )
        self._say(f"{where}里没有编号列，记录编号由{named}生成：改动它们就是另一条记录。", once="id")
        return Digest(digest=tuple(fields[each] for each in parts))

    def _say_passed_over(self, over: list[str], fields: dict[str, str], where: str) -> None:
        listed = "、".join(f"“{each}”" for each in over[:_MOST_SAID]) + (" 等" if len(over) > _MOST_SAID else "")
        counted = "（序号只是行号，不作编号）" if any(plain(each) in _LINE_NUMBERS for each in over) else ""
        free = [each for each in fields_of(self.kind) if each not in fields and each not in ("_deleted", "source_id")]
        wanted = "；".join(f"{field_name(each)}（{'、'.join(self._examples(each))}）" for each in free)
        rest = f"还没有列的字段和找过的列名：{wanted}。" if wanted else ""
        self._say(f"{where}的这些列没有对应的字段，没有推送：{listed}{counted}。{rest}", once=f"{where}{listed}")

    def _examples(self, path: str) -> list[str]:
        return [word for word in words_for(self.kind, path) if word != field_name(path)][:_MOST_WORDS]

    def _say(self, text: str, once: str) -> None:
        if once not in self._said:
            self._said.add(once)
            self.note(text)


def _names_in(values: FileRow) -> Names:
    """The names of a JSON object; those within an object that is no field of ours with a point."""
    names: list[str] = []
    for name, value in values.items():
        if isinstance(value, dict) and value and not is_field(name):
            names += [f"{name}.{inner}" for inner in value]
        else:
            names.append(name)
    return tuple(names)


def _refuse_missing(paths: Iterable[str], names: Names, where: str) -> None:
    if missing := [each for each in paths if each not in names]:
        raise UnreadableError(
            f"{where}里没有映射文件要的这些列：{'、'.join(missing)}。文件里有：{'、'.join(filter(None, names))}。"
        )
