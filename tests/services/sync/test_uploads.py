"""A clerk's file on its way into a batch: the routes behind the door, over collections in memory; the child is a real one."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from openpyxl import load_workbook

from services.sync.applying.queries import batch_view
from services.sync.applying.receipts import Receipts
from services.sync.intake import commands as intake_commands
from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch, Place, published
from services.sync.intake.files import Files
from services.sync.intake.parts import Parts
from services.sync.intake.store import Intake
from services.sync.tests.builders import place
from services.sync.uploads import commands, running
from services.sync.uploads.commands import Uploads
from services.sync.uploads.keeping import KeptFiles
from services.sync.uploads.routes import add_routes
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.http.routes import Router
from shared.mongo import Document
from shared.secrets import CannotOpen, Sealer
from shared.settings import Settings
from shared.tests.memory import MemoryAggregates, MemoryCollection
from shared.values.jurisdictions import Jurisdiction
from tests.door import asking_as
from tests.services.sync.corpus.workbook import one_sheet

LIST = "平台编号,平台名称,联系电话\r\nA1,甲,13800000000\r\nA2,乙,\r\n".encode()
WORKBOOK = one_sheet(("平台编号", "平台名称"), ("A1", "甲"))
NANTONG = Caller(user_id="clerk", grants=frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
SUZHOU = Caller(user_id="other", grants=frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
AGENT = Caller(agent_id="agent", agent_jurisdiction=Jurisdiction.NANTONG)
PLATFORMS = {"jurisdiction": "nantong", "kind": "platform", "mode": "delta", "dry_run": "false"}


@dataclass
class Places:
    """Every batch that asks gets the next place."""

    taken: dict[str, Place] = field(default_factory=dict)

    async def of(self, batch_id: str) -> Place | None:
        return self.taken.get(batch_id)

    async def take(self, batch: Batch, parts: int, *_: Any) -> Place:
        return self.taken.setdefault(batch.id, place(batch, len(self.taken) + 1, parts))


class PartsInMemory(Parts):
    """Without the attempts by which a part is known again: it is known by its content as well."""

    async def remember(self, *_: Any) -> None:
        pass


class ReceiptsInMemory(Receipts):
    """The verdicts that a test says."""

    def __init__(self) -> None:
        super().__init__(cast(Any, MemoryCollection()), cast(Any, MemoryCollection()))
        object.__setattr__(self, "said", [])

    said: list[Document]

    async def rows(self, _: str, verdict: str | None, __: range) -> AsyncIterator[tuple[int, Document]]:
        for row in self.said:
            if row["verdict"] == verdict:
                yield 0, row


@dataclass
class Desk:
    """What a platform keeps, and the door to it."""

    parts: MemoryCollection = field(default_factory=MemoryCollection)
    files: MemoryCollection = field(default_factory=MemoryCollection)
    batches: MemoryAggregates[Batch] = field(default_factory=lambda: MemoryAggregates(Batch, published))

    def __post_init__(self) -> None:
        intake = Intake(
            agents=MemoryAggregates(Agent),
            batches=self.batches,
            parts=PartsInMemory(cast(Any, self.parts)),
            places=cast(Any, Places()),
            nonces=cast(Any, None),
            files=Files(cast(Any, self.files)),
        )
        self.kept = KeptFiles(intake.files, Sealer(bytes(32)))
        self.uploads = Uploads(intake, self.kept)
        self.receipts = ReceiptsInMemory()
        self.router = Router()
        add_routes(self.router, self.uploads, self.receipts, partial(batch_view, intake, self.receipts))

    def as_(self, caller: Caller) -> httpx2.AsyncClient:
        return asking_as(caller, "sync", Settings(), self.router, below="/api/v1/sync/")

    async def upload(
        self, content: bytes = LIST, name: str = "清单.csv", *, key: str = "k", caller: Caller = NANTONG, **said: Any
    ) -> httpx2.Response:
        async with self.as_(caller) as http:
            return await http.post(
                "uploads", data={**PLATFORMS, **said}, files={"file": (name, content)}, headers={"idempotency-key": key}
            )

    async def push(self, batch_id: str, *, caller: Caller = NANTONG, key: str = "push") -> httpx2.Response:
        async with self.as_(caller) as http:
            return await http.post(f"batches/{batch_id}/push", json={}, headers={"idempotency-key": key})

    async def annotated(self, batch_id: str, *, caller: Caller = NANTONG) -> httpx2.Response:
        async with self.as_(caller) as http:
            return await http.get(f"batches/{batch_id}/annotated")

    def verify(self, batch_id: str, *rows: Document) -> None:
        """What the worker makes of a dry run, with these verdicts."""
        self.receipts.said[:] = rows
        self.batches.put(self.batches.states[batch_id].model_copy(update={"state": "verified"}))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def what_is_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@contextmanager
def a_power_cut(monkeypatch: pytest.MonkeyPatch, of: Any, name: str) -> Iterator[None]:
    """The process dies where this would be done."""
    with monkeypatch.context() as patched:

        async def dead(*_: Any, **__: Any) -> None:
            raise ConnectionError

        patched.setattr(of, name, dead)
        yield


async def test_a_file_becomes_a_batch_of_the_person_who_sent_it(desk: Desk) -> None:
    answer = await desk.upload()
    assert answer.status_code == 202, answer.text
    batch = answer.json()
    assert (batch["state"], batch["rows"], batch["pushed_by"], batch["seq"]) == ("processing", 2, "clerk", 1)
    assert batch["file"] == {"name": "清单.csv", "size": len(LIST), "sha256": batch["file"]["sha256"]}
    assert answer.headers["location"] == f"/api/v1/sync/batches/{batch['id']}"
    (part,) = desk.parts.documents.values()
    assert part["source_ids"] == ["A1", "A2"]
    assert desk.batches.states[batch["id"]].columns["contact.phone"] == "联系电话"


async def test_what_was_passed_over_is_said_with_the_batch(desk: Desk) -> None:
    batch = (await desk.upload("平台编号,平台名称,备注\r\nA1,甲,x\r\n合计,1,\r\n".encode())).json()
    assert [words in note for words, note in zip(("“备注”", "第 3 行是合计行"), batch["notes"], strict=True)] == [
        True
    ] * 2


async def test_a_file_that_cannot_be_read_leaves_nothing(desk: Desk) -> None:
    answer = await desk.upload(b"\xd0\xcf\x11\xe0", "清单.xls")
    assert (answer.status_code, answer.json()["code"]) == (415, "file_type_not_accepted")
    assert answer.json()["detail"].startswith("不认识 清单.xls 的格式")
    assert (desk.batches.states, desk.parts.documents, desk.files.documents) == ({}, {}, {})


async def test_the_same_request_again_is_the_same_batch_and_another_file_under_its_key_is_refused(desk: Desk) -> None:
    first, again, other = await desk.upload(), await desk.upload(), await desk.upload(LIST + b"A3,x,\r\n")
    assert (again.json()["id"], again.headers["idempotency-replayed"]) == (first.json()["id"], "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(desk.batches.states) == 1


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (intake_commands, "open_batch"),
        (KeptFiles, "keep"),
        (intake_commands, "put_part"),
        (intake_commands, "commit_batch"),
    ],
    ids=["open", "keep", "part", "commit"],
)
async def test_whatever_interrupts_it_the_same_request_goes_on(
    of: Any, name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_power_cut(monkeypatch, of, name):
        assert (await desk.upload()).status_code == 500
    batch = (await desk.upload()).json()
    assert (batch["state"], batch["rows"], len(desk.batches.states)) == ("processing", 2, 1)
    assert len(desk.files.documents) == len(desk.parts.documents) == 1


async def test_two_at_once_with_one_key_are_one_batch(desk: Desk) -> None:
    both = await asyncio.gather(desk.upload(), desk.upload())
    assert [each.status_code for each in both] == [202, 202]
    assert len(desk.batches.states) == len(desk.parts.documents) == 1


async def test_the_file_of_another_city_is_not_taken_and_an_agent_does_not_upload(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is it read."""
    with a_power_cut(monkeypatch, running, "_ending"):
        for caller in (SUZHOU, AGENT):
            answer = await desk.upload(caller=caller)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert desk.batches.states == {}


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"kind": "nothing"}, "kind", "not_allowed"),
        ({"dry_run": "perhaps"}, "dry_run", "wrong_type"),
        ({"sheets": "1"}, "sheets", "unknown_field"),
        ({"coordinates": "mars"}, "coordinates", "not_allowed"),
    ],
)
async def test_what_the_form_says_is_read_strictly(said: dict[str, Any], field: str, code: str, desk: Desk) -> None:
    answer = await desk.upload(**said)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


async def test_coordinates_of_an_unknown_system_are_asked_about(desk: Desk) -> None:
    located = "平台编号,平台名称,经度,纬度\r\nA1,甲,120.9,32.0\r\n".encode()
    answer = await desk.upload(located)
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [
        ("coordinates", "coordinates_undeclared")
    ]
    assert (await desk.upload(located, coordinates="gcj02")).json()["coordinates"] == "gcj02"
    assert (await desk.upload(located, key="m", mapping="coordinates: bd09\n")).json()["coordinates"] == "bd09"


async def test_what_is_kept_of_a_file_is_sealed_for_its_place(desk: Desk) -> None:
    batch_id = (await desk.upload()).json()["id"]
    (document,) = desk.files.documents.values()
    assert b"13800000000" not in document["sealed"]
    assert desk.kept.sealer.open(document["sealed"], f"upload/{batch_id}/0") == LIST
    with pytest.raises(CannotOpen):
        desk.kept.sealer.open(document["sealed"], f"upload/{batch_id}/1")


async def test_a_verified_dry_run_is_pushed_with_the_same_file(desk: Desk) -> None:
    dry = (await desk.upload(dry_run="true", mode="snapshot", mapping="constants: {tense: past}\n")).json()
    desk.verify(dry["id"])
    answer = await desk.push(dry["id"])
    assert answer.status_code == 202, answer.text
    batch = answer.json()
    assert (batch["dry_run"], batch["mode"], batch["sha256"]) == (False, "snapshot", dry["sha256"])
    assert batch["file"] == dry["file"]
    assert (await desk.push(dry["id"])).json()["id"] == batch["id"]


async def test_only_a_verified_dry_run_of_an_upload_of_ones_own_city_is_pushed(desk: Desk) -> None:
    real = (await desk.upload()).json()["id"]
    dry = (await desk.upload(key="dry", dry_run="true")).json()["id"]
    for batch_id in (real, dry):
        answer = await desk.push(batch_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_verified")
    assert (await desk.push(dry, caller=SUZHOU)).status_code == 404
    desk.verify(dry)
    desk.files.documents.clear()
    gone = await desk.push(dry)
    assert (gone.status_code, gone.json()["code"]) == (410, "file_gone")


async def test_what_no_person_uploaded_has_no_file(desk: Desk) -> None:
    dry = (await desk.upload(dry_run="true")).json()["id"]
    desk.batches.put(desk.batches.states[dry].model_copy(update={"file": None}))
    for answer in (await desk.push(dry), await desk.annotated(dry)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_uploaded")


async def test_the_workbook_comes_back_with_its_faults_marked(desk: Desk) -> None:
    dry = (await desk.upload(WORKBOOK, "清单.xlsx", dry_run="true")).json()["id"]
    said = {"field": "source_id", "code": "missing", "message": "没有编号", "column": "平台编号"}
    desk.verify(
        dry, {"row": 1, "verdict": "rejected", **said, "at": {"sheet": "清单", "line": 2, "column": "平台编号"}}
    )
    answer = await desk.annotated(dry)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{dry}.xlsx"'
    marked = load_workbook(io.BytesIO(answer.content))["清单"]
    assert "没有编号" in marked["A2"].comment.text
    assert (marked["A2"].value, marked["B2"].value) == ("A1", "甲")


async def test_only_a_workbook_of_ones_own_city_is_marked_once_its_receipt_is_whole(desk: Desk) -> None:
    table = (await desk.upload(dry_run="true")).json()["id"]
    desk.verify(table)
    assert (await desk.annotated(table)).json()["code"] == "no_workbook"
    book = (await desk.upload(WORKBOOK, "清单.xlsx", key="book")).json()["id"]
    assert (await desk.annotated(book)).json()["code"] == "batch_unfinished"
    assert (await desk.annotated(book, caller=SUZHOU)).json()["code"] == "not_found"
    assert (await desk.annotated(book, caller=AGENT)).status_code == 403


async def test_a_workbook_that_takes_too_much_to_mark_costs_its_child_alone(desk: Desk) -> None:
    dry = (await desk.upload(WORKBOOK, "清单.xlsx", dry_run="true")).json()["id"]
    desk.verify(dry)
    desk.uploads.limits = running.Limits(memory=96 << 20)
    answer = await desk.annotated(dry)
    assert (answer.status_code, answer.json()["code"]) == (422, "marking_stopped")


async def test_a_city_waits_for_its_own_upload_and_no_longer_than_people_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.uploads.longest_wait = 0.01
    async with desk.uploads.turns.turn_of(Jurisdiction.NANTONG):
        busy = await desk.upload()
        assert (busy.status_code, busy.json()["code"], busy.headers["retry-after"]) == (503, "uploads_busy", "10")
        elsewhere = await desk.upload(caller=SUZHOU, jurisdiction="suzhou")
        assert elsewhere.status_code == 202


async def test_no_more_uploads_are_under_way_than_there_are_places(desk: Desk) -> None:
    with desk.uploads.place():
        desk.uploads._under_way = commands.UNDER_WAY
        assert (await desk.upload()).json()["code"] == "uploads_busy"
        desk.uploads._under_way = 1
    assert desk.uploads._under_way == 0


async def test_nothing_of_an_upload_stays_in_the_folder_of_temporary_files(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[Path] = []
    plain = running._ending

    async def looked_at(work: str, folder: Path, limits: running.Limits) -> int | None:
        seen.append(folder)
        return await plain(work, folder, limits)

    monkeypatch.setattr(running, "_ending", looked_at)
    assert (await desk.upload()).status_code == 202
    assert [each.parent for each in seen] == [tmp_path]
    assert what_is_in(tmp_path) == []
