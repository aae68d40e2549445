"""What is remembered of an unfinished push."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.sync.agent.errors import AgentError
from services.sync.agent.journal import Journal

TARGET: dict[str, object] = {"server": "https://a", "sha256": "0"}


def test_commands_that_begin_at_once_share_one_attempt(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        journals = list(pool.map(lambda _: Journal.open(tmp_path, TARGET), range(32)))
    assert len({journal.entry.attempt for journal in journals}) == 1
    assert sum(not journal.resumed for journal in journals) == 1


def test_another_target_is_another_push(tmp_path: Path) -> None:
    first, second = Journal.open(tmp_path, TARGET), Journal.open(tmp_path, {**TARGET, "server": "https://b"})
    assert first.entry.attempt != second.entry.attempt


def test_a_finished_push_is_not_brought_back_by_a_slower_command(tmp_path: Path) -> None:
    fast, slow = Journal.open(tmp_path, TARGET), Journal.open(tmp_path, TARGET)
    fast.finish()
    slow.update(batch_id="batch-1")
    assert not Journal.open(tmp_path, TARGET).resumed


def test_steps_are_there_after_a_restart(tmp_path: Path) -> None:
    Journal.open(tmp_path, TARGET).update(batch_id="batch-1", parts=(0, 2))
    entry = Journal.open(tmp_path, TARGET).entry
    assert (entry.batch_id, entry.parts) == ("batch-1", (0, 2))


def test_a_damaged_file_is_named_and_not_guessed_at(tmp_path: Path) -> None:
    Journal.open(tmp_path, TARGET).path.write_text("{")
    with pytest.raises(AgentError, match="已损坏"):
        Journal.open(tmp_path, TARGET)
