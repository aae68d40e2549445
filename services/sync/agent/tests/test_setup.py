"""The first minutes at a desk: init, show-key, doctor."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.sync.agent.tests.desk import Clerk
from services.sync.agent.tests.platform import Platform

UNSAID = dict.fromkeys(("SERVER", "KEY", "KEY_ID", "JURISDICTION", "KIND"))


@pytest.fixture
def bare(clerk: Clerk) -> Clerk:
    """A desk where nothing was said before: no variables, and a settings file that is not there yet."""
    clerk.settings = {"HUNING_AGENT_CONFIG": str(clerk.desk / "settings" / "huning-agent.toml"), "COLUMNS": "200"}
    return clerk


def test_what_init_was_told_need_not_be_said_again(bare: Clerk, platform: Platform) -> None:
    key = bare.desk / "agent.pem"
    done = bare.runs("init", "--server", platform.url, "--jurisdiction", "suzhou", "--key", key, "--no-ask")
    assert done.returncode == 0, done.stderr
    public = done.stdout.strip()
    assert "公钥交给本市运营人员登记" in done.stderr
    assert bare.runs("show-key").stdout.strip() == public
    assert bare.runs("init", "--key-id", "suzhou-1", "--kind", "institution", "--no-ask").returncode == 0
    file = bare.writes("a.json", [{"source_id": "A1", "title": "甲"}])
    pushed = bare.runs("push", file, "--state", bare.desk / "state")
    assert pushed.returncode == 0, pushed.stderr
    assert platform.records == {"A1": "甲"}


def test_what_the_command_says_counts_more_than_the_settings(bare: Clerk, platform: Platform) -> None:
    at = Path(bare.settings["HUNING_AGENT_CONFIG"])
    at.parent.mkdir()
    at.write_text(f'server = "http://127.0.0.1:1"\njurisdiction = "suzhou"\nkey = "{bare.desk / "agent.pem"}"\n')
    done = bare.runs("doctor", "--server", platform.url, "--key-id", "suzhou-1")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [("sever = 'x'", "“sever”不是设置。可以写：server"), ("server = ", "不是正确的 TOML"), ("[a", "不是正确的 TOML")],
)
def test_settings_that_cannot_be_understood_are_said(bare: Clerk, text: str, said: str) -> None:
    at = Path(bare.settings["HUNING_AGENT_CONFIG"])
    at.parent.mkdir()
    at.write_text(text)
    done = bare.runs("show-key")
    assert done.returncode == 1
    assert said in done.stderr


def test_init_names_what_it_was_not_told(bare: Clerk) -> None:
    done = bare.runs("init", "--no-ask")
    assert done.returncode == 1
    assert "缺少 --jurisdiction" in done.stderr


def test_a_doctor_finds_all_well(clerk: Clerk) -> None:
    done = clerk.runs("doctor")
    assert done.returncode == 0, done.stdout
    assert [line[:4] for line in done.stdout.splitlines()] == ["✓ 平台", "✓ 时钟", "✓ 版本", "✓ 密钥"]


def test_a_doctor_says_what_to_do_about_a_wrong_clock(clerk: Clerk, platform: Platform) -> None:
    platform.clock_off = timedelta(minutes=10)
    done = clerk.runs("doctor")
    assert done.returncode == 1
    assert "✗ 时钟" in done.stdout
    assert "请校准本机时间" in done.stdout


def test_a_doctor_says_whose_key_the_platform_does_not_know(clerk: Clerk, platform: Platform) -> None:
    platform.keys.clear()
    done = clerk.runs("doctor")
    assert done.returncode == 1
    assert "✗ 密钥：平台不接受 suzhou-1" in done.stdout


def test_a_doctor_without_a_platform_looks_no_further(clerk: Clerk) -> None:
    done = clerk.runs("doctor", "--server", "http://127.0.0.1:1", "--patience", "0")
    assert done.returncode == 1
    assert done.stdout.startswith("✗ 平台：连不上 http://127.0.0.1:1")
    assert "✓" not in done.stdout
