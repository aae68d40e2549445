"""The packed client in a mini-program: by a `wx.request` that, like the real one, knows no PATCH, against the gateway."""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from deploy.local import web
from tests.client import challenge
from tests.stack import Stack

_TESTS = web.WEB / "client" / "tests"
_WITHOUT_BROWSER = {
    "noEmit": True,
    "strict": True,
    "lib": ["ES2018"],
    "target": "ES2018",
    "module": "ESNext",
    "moduleResolution": "bundler",
    "types": [],
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the packed client is installed, as npm would put it there."""
    command = [sys.executable, "-m", "deploy.local.web", "run", "client"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path_factory.mktemp("mini-program")
    with tarfile.open(web.WEB / "client" / done.stdout.split()[-1]) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    (folder / "node_modules").mkdir()
    shutil.move(folder / "unpacked" / "package", folder / "node_modules" / "huning-client")
    return folder


@pytest.fixture(scope="module")
def told(stack: Stack, installed: Path) -> Any:
    """What the mini-program sent and got."""
    program = shutil.copy(_TESTS / "mini_program.mjs", installed)
    command = [str(web.NODE), program, stack.base_url, json.dumps(challenge(title="双极板涂层", jurisdiction="suzhou"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_company_logs_in_drafts_and_edits_without_a_patch_on_the_line(told: Any) -> None:
    assert told["user"]["organization"]["jurisdiction"] == "suzhou"
    assert told["edited"]["title"] == told["again"]["title"] == "改过的标题"
    assert told["edited"]["version"] > told["drafted"]["version"]
    assert "PATCH" not in {each["method"] for each in told["sent"]}
    edits = [each for each in told["sent"] if each.get("as")]
    assert {(each["method"], each["as"]) for each in edits} == {("POST", "PATCH")}


def test_a_write_whose_answer_was_lost_is_repeated_under_its_key_and_done_once(told: Any) -> None:
    drafts = [each["key"] for each in told["sent"] if each["path"] == "/api/v1/challenges"]
    assert (len(drafts), len(set(drafts))) == (2, 1)
    keys = [each["key"] for each in told["sent"] if each.get("key")]
    assert len(set(keys)) == len(keys) - 1, "every other write has a key of its own"


def test_refusals_are_told_with_code_detail_and_fields(told: Any) -> None:
    assert (told["refused"]["status"], told["refused"]["errors"][0]["field"]) == (422, "period_months")
    assert told["refused"]["detail"]
    assert (told["stale"]["status"], told["stale"]["code"]) == (412, "version_conflict")


def test_a_token_that_is_no_longer_good_is_refreshed_once_for_all_that_wait(told: Any) -> None:
    assert told["me"]["id"] == told["user"]["id"]
    assert sum(each["path"] == "/api/v1/accounts/refresh" for each in told["sent"]) == 1
    assert told["kept"] == [], "nothing is left after logging out"


def test_its_types_hold_where_there_is_no_browser(installed: Path) -> None:
    shutil.copy(_TESTS / "consumer.ts", installed)
    (installed / "tsconfig.json").write_text(
        json.dumps({"compilerOptions": _WITHOUT_BROWSER, "files": ["consumer.ts"]})
    )
    command = [str(web.NODE), str(web.WEB / "node_modules" / "typescript" / "bin" / "tsc")]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
