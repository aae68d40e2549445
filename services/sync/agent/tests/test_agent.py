"""The agent against a platform over real HTTP: what a clerk sees, and what the platform holds afterwards."""

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.sync.agent.cli import main
from services.sync.agent.signing import create_key
from services.sync.agent.tests.platform import Platform, running

MAPPING = Path(__file__).parents[4] / "deploy/local/sample/mapping.yaml"


@dataclass
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Clerk:
    """Somebody at a desk with a key, a folder and the command."""

    def __init__(
        self, platform: Platform, desk: Path, environment: pytest.MonkeyPatch, screen: pytest.CaptureFixture[str]
    ) -> None:
        self.platform, self.desk, self._environment, self._screen = platform, desk, environment, screen
        public = create_key(desk / "agent.pem")
        platform.keys["suzhou-1"] = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))

    def writes(self, name: str, rows: list[dict[str, Any]]) -> Path:
        path = self.desk / name
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return path

    def runs(self, *words: str | Path, **environment: str) -> Done:
        settings = {
            "HUNING_AGENT_SERVER": self.platform.url,
            "HUNING_AGENT_KEY": str(self.desk / "agent.pem"),
            "HUNING_AGENT_KEY_ID": "suzhou-1",
            "HUNING_AGENT_JURISDICTION": "suzhou",
            "HUNING_AGENT_KIND": "institution",
            "HUNING_AGENT_STATE": str(self.desk / "state"),
            "HUNING_AGENT_PATIENCE": "20",
            "COLUMNS": "200",
            **environment,
        }
        with self._environment.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["huning-agent", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        said = self._screen.readouterr()
        return Done(int(str(ended.value.code)), said.out, said.err)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running(Platform()) as served:
        yield served


@pytest.fixture
def clerk(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Clerk:
    return Clerk(platform, tmp_path, monkeypatch, capsys)


def rows(count: int) -> list[dict[str, Any]]:
    return [{"source_id": f"s-{number}", "title": f"机构{number}"} for number in range(count)]


def test_a_good_file_is_pushed_signed_and_its_receipt_shown(clerk: Clerk, platform: Platform) -> None:
    done = clerk.runs("push", clerk.writes("a.json", rows(3)))
    assert done.returncode == 0, done.stderr
    assert [row["title"] for row in platform.rows("batch-1")] == ["机构0", "机构1", "机构2"]
    assert "新增" in done.stdout
    assert "batch-1" in done.stdout
    assert platform.batches["batch-1"]["jurisdiction"] == "suzhou"


def test_the_receipt_as_json_is_json_and_nothing_else(clerk: Clerk) -> None:
    receipt = json.loads(clerk.runs("push", clerk.writes("a.json", rows(3)), "--json").stdout)
    assert receipt["counts"]["added"] == 3
    assert receipt["rejected_rows"] == []


def test_rejected_rows_end_with_2_and_are_listed_over_all_pages(clerk: Clerk, platform: Platform) -> None:
    platform.rejected = [
        {"row": n, "source_id": f"s-{n}", "field": "phone", "code": "x", "message": f"电话不对[{n}]"}
        for n in range(1, 6)
    ]
    done = clerk.runs("push", clerk.writes("a.json", rows(9)))
    assert done.returncode == 2
    assert all(f"电话不对[{n}]" in done.stdout for n in range(1, 6))
    assert "拒收" in done.stdout


def test_a_fault_that_passes_is_waited_out_and_makes_one_batch(clerk: Clerk, platform: Platform) -> None:
    answers: list[tuple[int, dict[str, Any]]] = [(503, {}), (429, {"retry_after": 0}), (0, {})]

    def fault(_method: str, _path: str) -> tuple[int, dict[str, Any]] | None:
        return answers.pop() if answers else None

    platform.fault = fault
    done = clerk.runs("push", clerk.writes("a.json", rows(3)))
    assert done.returncode == 0, done.stderr
    assert list(platform.batches) == ["batch-1"]


def test_an_interrupted_push_goes_on_with_its_batch_and_sends_only_what_is_missing(
    clerk: Clerk, platform: Platform
) -> None:
    file = clerk.writes("a.json", rows(2500))
    platform.fault = lambda _method, path: (
        (403, {"code": "x", "title": "拒绝", "detail": "不行"}) if path.endswith("parts/1") else None
    )
    assert clerk.runs("push", file).returncode == 1
    platform.fault = lambda _method, _path: None
    platform.requests.clear()
    done = clerk.runs("push", file)
    assert done.returncode == 0, done.stderr
    assert "继续" in done.stderr
    sent = [path.rsplit("/", 1)[-1] for method, path in platform.requests if method == "PUT"]
    assert sent == ["1", "2"]
    assert list(platform.batches) == ["batch-1"]
    assert len(platform.rows("batch-1")) == 2500


def test_a_push_whose_first_answer_was_lost_makes_no_second_batch(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda method, path: (0, {}) if path.endswith("parts/0") else None
    assert clerk.runs("push", file, HUNING_AGENT_PATIENCE="0").returncode == 1
    journal = next((clerk.desk / "state").glob("push-*.json"))
    journal.write_text(json.dumps({**json.loads(journal.read_text()), "batch_id": None}))
    platform.fault = lambda _method, _path: None
    assert clerk.runs("push", file).returncode == 0
    assert list(platform.batches) == ["batch-1"]


def test_a_finished_file_pushed_again_is_a_new_batch(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    assert clerk.runs("push", file).returncode == 0
    assert clerk.runs("push", file).returncode == 0
    assert list(platform.batches) == ["batch-1", "batch-2"]
    assert not list((clerk.desk / "state").iterdir())


def test_a_push_that_another_run_committed_meanwhile_waits_for_the_same_receipt(
    clerk: Clerk, platform: Platform
) -> None:
    def committed_by_another(_method: str, path: str) -> tuple[int, dict[str, Any]] | None:
        if not path.endswith("parts/1"):
            return None
        platform.batches["batch-1"] |= {"state": "applied", "counts": {"added": 1500}}
        return 409, {"code": "batch_committed", "title": "批次已提交", "detail": "不能再上传。"}

    platform.fault = committed_by_another
    done = clerk.runs("push", clerk.writes("a.json", rows(1500)), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["added"] == 1500


def test_a_batch_that_the_platform_no_longer_has_is_begun_anew(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda _method, path: (403, {"code": "x", "title": "拒绝"}) if path.endswith("commit") else None
    assert clerk.runs("push", file).returncode == 1
    platform.batches.clear()
    platform.fault = lambda _method, _path: None
    assert clerk.runs("push", file).returncode == 0
    assert len(platform.rows("batch-1")) == 3


def test_parts_that_the_platform_lost_are_sent_again_by_the_next_run(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", rows(3))
    platform.fault = lambda _method, path: (0, {}) if path.endswith("commit") else None
    assert clerk.runs("push", file, HUNING_AGENT_PATIENCE="0").returncode == 1
    platform.parts["batch-1"].clear()
    platform.fault = lambda _method, _path: None
    assert clerk.runs("push", file).returncode == 1
    assert clerk.runs("push", file).returncode == 0


def test_a_refusal_is_told_in_the_platforms_words_with_its_fields(clerk: Clerk, platform: Platform) -> None:
    problem = {
        "code": "unknown_field",
        "title": "有未知字段",
        "detail": "请对照说明。",
        "errors": [{"field": "kind", "code": "x", "message": "没有这个类别"}],
    }
    platform.fault = lambda _method, _path: (422, problem)
    done = clerk.runs("push", clerk.writes("a.json", rows(1)))
    assert done.returncode == 1
    assert "有未知字段。请对照说明。kind：没有这个类别" in done.stderr.replace("\n", "")
    assert not list((clerk.desk / "state").iterdir()), "nothing was begun"


def test_a_foreign_key_is_refused_and_nothing_is_opened(clerk: Clerk, platform: Platform, tmp_path: Path) -> None:
    create_key(tmp_path / "other.pem")
    done = clerk.runs("push", clerk.writes("a.json", rows(1)), "--key", tmp_path / "other.pem")
    assert done.returncode == 1
    assert platform.batches == {}


FORBIDDEN = {"code": "forbidden", "title": "没有权限", "detail": "您的角色不能进行此操作。"}


@pytest.mark.parametrize(("key_id", "whose"), [("suzhou-1", "属于苏州，"), ("old", "")])
def test_a_push_with_another_citys_key_is_told_whose_key_it_is(
    clerk: Clerk, platform: Platform, key_id: str, whose: str
) -> None:
    platform.keys[key_id] = platform.keys["suzhou-1"]
    platform.fault = lambda _method, _path: (403, FORBIDDEN)
    file = clerk.writes("a.json", rows(1))
    done = clerk.runs("push", file, "--jurisdiction", "nanjing", "--key-id", key_id)
    assert done.returncode == 1
    assert f"这把密钥（{key_id}）{whose}不能推送南京的数据。请检查 --key、--key-id 和" in done.stderr
    assert not list((clerk.desk / "state").iterdir()), "nothing was begun"


@pytest.mark.parametrize("status", [301, 403, 404, 405])
def test_a_server_that_is_not_the_platform_is_told_by_its_address(
    clerk: Clerk, platform: Platform, status: int
) -> None:
    platform.fault = lambda _method, _path: (status, {"detail": "Not Found"})
    done = clerk.runs("push", clerk.writes("a.json", rows(1)))
    assert done.returncode == 1
    assert f"平台回答了 {status}，没有说明原因。请检查 --server 是否是平台的地址。" in done.stderr


def test_a_platform_that_is_only_down_is_not_taken_for_another_server(clerk: Clerk, platform: Platform) -> None:
    platform.fault = lambda _method, _path: (502, {})
    done = clerk.runs("push", clerk.writes("a.json", rows(1)), "--patience", "0")
    assert "平台回答了 502，没有说明原因。" in done.stderr
    assert "--server" not in done.stderr


def test_coordinates_of_an_unknown_system_are_refused_before_anything_is_sent(clerk: Clerk, platform: Platform) -> None:
    file = clerk.writes("a.json", [{"source_id": "1", "title": "x", "longitude": 120.6, "latitude": 31.3}])
    done = clerk.runs("push", file)
    assert done.returncode == 1
    assert "--coordinates" in done.stderr
    assert platform.requests == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("push", "missing.json"), "读不到文件"),
        (("push", "a.json", "--jurisdiction", "shanghai"), "putuo"),
        (("push", "a.json", "--nonsense"), "--help"),
        (("push",), "--help"),
        (("receipt", "batch-9"), "没有这个批次"),
        (("push", "a.xlsx"), "CSV"),
    ],
)
def test_whatever_is_wrong_ends_with_1_and_a_chinese_sentence(clerk: Clerk, words: tuple[str, ...], said: str) -> None:
    clerk.writes("a.json", rows(1))
    done = clerk.runs(words[0], *(clerk.desk / word if "." in word else word for word in words[1:]))
    assert done.returncode == 1
    assert said in done.stderr


def test_the_eight_sample_files_hold_352_rows_of_306_institutions(clerk: Clerk, platform: Platform) -> None:
    files = sorted((MAPPING.parent / "institutions").glob("*.json"))
    for file in files:
        done = clerk.runs("push", file, "--mapping", MAPPING, "--jurisdiction", file.stem)
        assert done.returncode == 0, done.stderr
    every = [row for batch in platform.batches for row in platform.rows(batch)]
    assert len(files) == 8
    assert len(every) == 352
    assert len({row["source_id"] for row in every}) == 306
    assert all({"source_id", "title", "address", "longitude", "latitude"} == set(row) for row in every)
    assert {batch["coordinates"] for batch in platform.batches.values()} == {"bd09"}


def test_keygen_prints_the_public_key_alone_and_never_overwrites(clerk: Clerk, tmp_path: Path) -> None:
    made = clerk.runs("keygen", tmp_path / "new.pem")
    assert len(base64.b64decode(made.stdout)) == 32
    assert (tmp_path / "new.pem").stat().st_mode & 0o077 == 0
    again = clerk.runs("keygen", tmp_path / "new.pem")
    assert again.returncode == 1
    assert "不会覆盖" in again.stderr
