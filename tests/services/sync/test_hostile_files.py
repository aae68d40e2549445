"""A file of a stranger harms nobody: the child process that reads it has limits, and what it leaves is not believed.

Stands on nothing but child processes.
"""

import asyncio
import gzip
import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.sync.uploads import reading, running
from services.sync.uploads.bodies import file_name
from services.sync.uploads.orders import REPORT, ROWS, SENT, Order, Report, sent_file
from services.sync.uploads.reading import Read
from services.sync.uploads.running import Limits
from shared.events.sync import Kind
from shared.values.problems import Refusal
from tests.services.sync.corpus.file import table
from tests.services.sync.corpus.workbook import one_sheet

SHEET = "xl/worksheets/sheet1.xml"
ROW = ("A1", "甲")
_MIB = 1 << 20


async def read(
    folder: Path,
    name: str,
    content: bytes,
    limits: Limits = Limits(),
    **said: Any,
) -> Read:
    (folder / SENT).mkdir()
    sent_file(folder, name).write_bytes(content)
    return await reading.read(Order(name=name, kind=Kind.PLATFORM, **said), folder, limits)


async def refused(folder: Path, name: str, content: bytes, limits: Limits = Limits(), **said: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await read(folder, name, content, limits, **said)
    return refusal.value


def with_entry(content: bytes, name: str, entry: bytes) -> bytes:
    """The workbook with one more entry, or another one in its place."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {each: archive.read(each) for each in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, held in {**entries, name: entry}.items():
            archive.writestr(each, held)
    return out.getvalue()


def with_small_sizes(content: bytes) -> bytes:
    """The archive, each entry of which states that it inflates to ten bytes."""
    lying = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = lying.find(mark)
        while place >= 0:
            lying[place + at : place + at + 4] = struct.pack("<I", 10)
            place = lying.find(mark, place + 4)
    return bytes(lying)


async def test_rows_notes_and_columns_are_those_that_the_agent_would_send(tmp_path: Path) -> None:
    content = table("序号|平台编号|平台名称", "1|A1|甲", "合计|1|")
    found = await read(tmp_path, "清单.csv", content)
    assert [part async for part in found.parts()] == ['{"source_id":"A1","title":"甲","_at":{"line":2}}\n'.encode()]
    assert (found.rows, found.located, found.columns) == (1, False, {"source_id": "平台编号", "title": "平台名称"})
    assert "第 3 行是合计行" in "".join(found.notes)


async def test_a_mapping_and_its_coordinates_are_taken_as_by_the_agent(tmp_path: Path) -> None:
    mapping = "coordinates: bd09\nfields: {title: 名, longitude: 经}\nsource_id: 号\n"
    found = await read(tmp_path, "a.csv", table("号|名|经", "A1|甲|120.9"), mapping=mapping)
    assert (found.located, found.coordinates) == (True, "bd09")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0", "file_type_not_accepted"),
        ("encrypted.xlsx", b"\xd0\xcf\x11\xe0", "file_type_not_accepted"),
        ("picture.xlsx", b"\x89PNG\r\n", "file_type_not_accepted"),
        ("a.exe", b"MZ", "file_type_not_accepted"),
        ("macros.xlsx", with_entry(one_sheet(ROW, ROW), "xl/vbaProject.bin", b"x"), "file_type_not_accepted"),
        ("entities.xlsx", with_entry(one_sheet(ROW, ROW), SHEET, b"<!DOCTYPE x><x/>"), "unsafe_xml"),
        ("bomb.xlsx", with_entry(one_sheet(ROW, ROW), SHEET, bytes(300 * _MIB)), "file_too_large"),
        ("zeros.csv.gz", gzip.compress(bytes(10 * _MIB), 9) * 1000, "file_too_large"),
        ("unclear.csv", table("source_id|title", "A1|é"), "encoding_unclear"),
        ("short.csv", table("source_id|title", "A1"), "file_unreadable"),
        ("nothing.csv", b"", "file_unreadable"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_a_file_that_cannot_be_taken_is_refused_with_a_code(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    """The zeros are 10 GB."""
    assert (await refused(tmp_path, name, content)).problem.code == code


async def test_a_directory_that_lies_about_sizes_costs_the_child_alone(tmp_path: Path) -> None:
    bomb = with_small_sizes(with_entry(one_sheet(ROW, ROW), SHEET, bytes(300 * _MIB)))
    refusal = await refused(tmp_path, "a.xlsx", bomb, Limits(memory=256 * _MIB))
    assert refusal.problem.code in ("reading_stopped", "file_unreadable")


async def test_too_much_memory_ends_the_child_and_says_so(tmp_path: Path) -> None:
    content = b"[" + b"{}," * (4 * _MIB) + b"{}]"
    refusal = await refused(tmp_path, "a.json", content, Limits(memory=320 * _MIB))
    assert refusal.problem.code == "reading_stopped"
    assert "内存" in refusal.detail


async def test_too_much_work_ends_the_child_and_says_so(tmp_path: Path) -> None:
    content = b"source_id,title\n" + b"A1,title\n" * 600_000
    refusal = await refused(tmp_path, "a.csv", content, Limits(cpu_seconds=1))
    assert refusal.problem.code == "reading_stopped"
    assert "时间" in refusal.detail


async def test_a_child_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """A pipe that nobody writes to is a file that never comes to its end."""
    (tmp_path / SENT).mkdir()
    os.mkfifo(sent_file(tmp_path, "a.csv"))
    with pytest.raises(Refusal) as refusal:
        await reading.read(Order(name="a.csv", kind=Kind.PLATFORM), tmp_path, Limits(seconds=1.0))
    assert refusal.value.problem.code == "reading_stopped"
    assert "还没有完成" in refusal.value.detail


async def test_a_request_that_ends_ends_its_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / SENT).mkdir()
    os.mkfifo(sent_file(tmp_path, "a.csv"))
    started: list[asyncio.subprocess.Process] = []
    plain = asyncio.create_subprocess_exec

    async def remembered(*arguments: Any, **options: Any) -> asyncio.subprocess.Process:
        started.append(await plain(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remembered)
    request = asyncio.create_task(reading.read(Order(name="a.csv", kind=Kind.PLATFORM), tmp_path, Limits()))
    while not started:
        await asyncio.sleep(0.01)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert started[0].returncode is not None


async def test_cells_that_are_merged_over_many_rows_fill_no_disk(tmp_path: Path) -> None:
    rows = [("编号", "名称"), ("A1", "很" * 1_000), *((f"A{n}", None) for n in range(2, 400))]
    content = one_sheet(*rows, merged=["B2:B400"])
    assert (await refused(tmp_path, "a.xlsx", content, Limits(file_bytes=_MIB))).problem.code == "file_too_large"


async def test_names_that_lead_elsewhere_lead_nowhere(tmp_path: Path) -> None:
    content = with_entry(one_sheet(("编号", "名称"), ROW), "../../outside.xml", b"<x/>")
    assert (await read(tmp_path, "a.xlsx", content)).rows == 1
    assert not list(tmp_path.parent.glob("outside*"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("清单.xlsx", "清单.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\某某\\清单.xlsx", "清单.xlsx"),
        ("..", "file"),
        ("a/..", "file"),
        ("", "file"),
        ("清\u202e单\x00.xlsx", "清单.xlsx"),
        ("很" * 300 + ".csv.gz", "很" * 53 + ".csv.gz"),
    ],
)
def test_a_file_is_called_what_its_sender_calls_it_as_far_as_that_is_a_name(said: str, name: str) -> None:
    assert file_name(said) == name
    assert len(file_name(said).encode()) <= 255


_CONFINED = "from services.sync.uploads.confined import confine; confine(1 << 30, 10, 1 << 20);"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.kill(os.getppid(), 0)",
    ],
)
def test_whoever_takes_the_child_over_reaches_no_network_no_program_and_no_process(attempt: str) -> None:
    done = subprocess.run([sys.executable, "-c", _CONFINED + attempt], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PermissionError: [Errno 1]" in done.stderr


def test_the_limits_cannot_be_taken_back() -> None:
    back = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))"
    who = "import os; os.setuid(65534) if os.getuid() == 0 else None;"
    done = subprocess.run([sys.executable, "-c", _CONFINED + who + back], capture_output=True, text=True, check=False)
    assert "not allowed to raise maximum limit" in done.stderr


async def test_the_child_knows_nothing_of_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    async def instead(*arguments: Any, **options: Any) -> None:
        seen.update(options)
        raise ChildProcessError

    monkeypatch.setattr(asyncio, "create_subprocess_exec", instead)
    with pytest.raises(ChildProcessError):
        await read(tmp_path, "a.csv", b"")
    assert set(seen["env"]) == {"TMPDIR", "PYTHONPATH"}


Leave = Callable[[Path], object]


@pytest.mark.parametrize(
    "leave",
    [
        lambda folder: (folder / REPORT).write_text("{"),
        lambda folder: (folder / REPORT).write_text('{"refused": null, "more": 1}'),
        lambda folder: (folder / REPORT).write_text(" " * (2 * _MIB)),
        lambda folder: (folder / ROWS).write_bytes(b"x" * (2 * _MIB)),
        lambda folder: (folder / REPORT).unlink(),
    ],
    ids=["broken", "more than was asked", "long", "a line without an end", "none"],
)
async def test_what_the_child_leaves_is_not_believed(
    leave: Leave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ran(_: str, folder: Path, __: Limits) -> int:
        (folder / REPORT).write_text(Report().model_dump_json())
        (folder / ROWS).write_bytes(b"{}\n")
        leave(folder)
        return 0

    monkeypatch.setattr(running, "_ending", ran)
    assert (await refused(tmp_path, "a.csv", b"")).problem.code == "reading_stopped"
