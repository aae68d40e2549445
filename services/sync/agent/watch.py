"""A folder that is pushed from: whatever is put into it is pushed once it is written to its end, and then moved out of the way.

`已推送/` takes what is done, `待改正/` what has rejected rows or cannot be read, each with its receipt beside it. What failed
for another reason, such as a network that is down, stays and is tried again.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from services.sync.agent.books import MARKED
from services.sync.agent.errors import AgentError
from services.sync.rows.errors import UnreadableError, reason

DONE, TO_MEND = "已推送", "待改正"
_PASSED_OVER = (".", "~$")
"""Hidden files, and those that Excel leaves beside an open workbook."""
_Stamp = tuple[int, int]


@dataclass(frozen=True)
class Ending:
    """What became of a file. `receipt` is for the clerk to read; `good` says that nothing is to be mended."""

    receipt: str
    good: bool


@dataclass
class Watched:
    """A folder, and since when each file in it has not changed."""

    folder: Path
    settle_seconds: float
    endings: tuple[str, ...]
    clock: Callable[[], float] = time.monotonic
    _since: dict[Path, tuple[_Stamp, float]] = field(default_factory=dict)

    def ready(self) -> list[Path]:
        """The files that have not changed for `settle_seconds` and that nobody holds, by name."""
        seen = dict(self._files())
        self._since = {
            path: known if (known := self._since.get(path)) and known[0] == stamp else (stamp, self.clock())
            for path, stamp in seen.items()
        }
        settled = (path for path, (_, since) in self._since.items() if self.clock() - since >= self.settle_seconds)
        return sorted(path for path in settled if _can_be_read(path))

    def _files(self) -> Iterator[tuple[Path, _Stamp]]:
        try:
            entries = list(self.folder.iterdir())
        except OSError as error:
            raise AgentError(f"文件夹 {self.folder} 读不了：{reason(error)}。") from error
        for path in entries:
            listed = path.name.lower().endswith(self.endings) and not path.stem.endswith(MARKED)
            if not listed or path.name.startswith(_PASSED_OVER) or not path.is_file():
                continue
            try:
                about = path.stat()
            except FileNotFoundError:  # taken away meanwhile
                continue
            yield path, (about.st_size, about.st_mtime_ns)


PushOne = Callable[[Path, Callable[[Ending], None]], None]
"""Pushes a file, and hands its ending over before it forgets that there was a push."""


def work_off(watched: Watched, push: PushOne, say: Callable[[str], None]) -> int:
    """Pushes what is ready. How it ended: 0 all good, 2 something is to be mended, 1 something is to be tried again."""
    codes = {0}

    def put_away(path: Path, ending: Ending) -> None:
        where = DONE if ending.good else TO_MEND
        _put_away(path, where, ending.receipt)
        say(f"{path.name} 已处理，移到“{where}”，回执在旁边。")
        codes.add(0 if ending.good else 2)

    for path in watched.ready():
        say(f"推送 {path.name} ……")
        try:
            push(path, partial(put_away, path))
        except UnreadableError as error:
            _put_away(path, TO_MEND, f"{error}\n")
            say(f"{path.name} 不能推送，已移到“{TO_MEND}”：{error}")
            codes.add(2)
        except AgentError as error:
            say(f"{path.name} 没有推送成功，稍后再试：{error}")
            codes.add(1)
    return 1 if 1 in codes else max(codes)


def _can_be_read(path: Path) -> bool:
    """Whether no other program holds it (on Windows, one that writes it does)."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _put_away(path: Path, where: str, receipt: str) -> None:
    """The file goes under a name that nothing has yet, its receipt beside it."""
    folder = path.parent / where
    number, name = 1, path.name
    try:
        folder.mkdir(exist_ok=True)
        while (folder / name).exists():
            number += 1
            name = f"{path.stem}（{number}）{path.suffix}"
        (folder / f"{name}.回执.txt").write_text(receipt, encoding="utf-8")
        path.replace(folder / name)
    except OSError as error:
        raise AgentError(
            f"{path.name} 已经推送，但移不到 {folder}：{reason(error)}。请手工移走，以免重复推送。"
        ) from error
