"""What the agent remembers of an unfinished push, so that the same command goes on with it and makes no second batch.

One small file per content and target, named by their digest; it is gone once the receipt has been shown.
"""

import hashlib
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from services.sync.agent.errors import AgentError
from services.sync.rows.errors import reason


class Entry(BaseModel):
    """`attempt` begins every Idempotency-Key of this push; `parts` are the numbers that the platform has."""

    attempt: str
    batch_id: str | None = None
    parts: tuple[int, ...] = ()


@dataclass
class Journal:
    """The entry of one push, kept on disk. `resumed` says that an earlier command had begun it."""

    path: Path
    entry: Entry
    resumed: bool

    @classmethod
    def open(cls, folder: Path, target: dict[str, object]) -> "Journal":
        """The unfinished push to this target, or a new one. Two commands at once share one entry, and so one batch."""
        name = hashlib.sha256(json.dumps(target, sort_keys=True).encode()).hexdigest()[:32]
        path = folder / f"push-{name}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls._begin(path)
        except OSError as error:
            raise AgentError(
                f"进度文件夹 {folder} 无法使用：{reason(error)}。请用 --state 换一个可写的文件夹。"
            ) from error
        except ValidationError as error:
            raise AgentError(f"进度文件 {path} 已损坏。请删除它，再重新推送。") from error

    @classmethod
    def _begin(cls, path: Path) -> "Journal":
        entry = Entry(attempt=str(uuid.uuid4()))
        while not _create(path, entry):
            try:
                return cls(path, Entry.model_validate_json(path.read_bytes()), resumed=True)
            except FileNotFoundError:
                continue  # the other command finished between the two looks
        return cls(path, entry, resumed=False)

    def update(self, **changes: object) -> None:
        """Keep a step that the platform confirmed. What another command finished meanwhile stays finished."""
        self.entry = self.entry.model_copy(update=changes)
        if self.path.exists():
            _beside(self.path, self.entry).replace(self.path)

    def restart(self) -> None:
        """The batch is gone: a new attempt, with keys of its own."""
        self.update(**Entry(attempt=str(uuid.uuid4())).model_dump())

    def finish(self) -> None:
        """Forget the push: the same file pushed again is a new batch."""
        self.path.unlink(missing_ok=True)


def _create(path: Path, entry: Entry) -> bool:
    """Whole or not at all, and only if nobody else did: a link to a finished file, never a file being written."""
    draft = _beside(path, entry)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _beside(path: Path, entry: Entry) -> Path:
    draft = path.with_suffix(f".{uuid.uuid4().hex}")
    draft.write_text(entry.model_dump_json(), encoding="utf-8")
    return draft
