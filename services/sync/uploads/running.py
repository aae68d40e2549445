"""Starts the child process for a stranger's file, holds the stopwatch, and trusts nothing of what it leaves.

The child may run out of memory or time, or be taken over by what it reads: it then dies, alone. It knows no address and no key of
the platform; its environment names two folders.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import ValidationError

from services.sync.rows.archives import MAX_INFLATED
from services.sync.uploads.child import OUT_OF_MEMORY
from services.sync.uploads.orders import LONGEST_REPORT, REPORT, Report

log = structlog.get_logger(__name__)

_ERRORS = "errors.txt"
_LAST_WORDS = 2_000
_OUR_CODE = Path(__file__).parents[3]
"""The child runs the code that its parent runs, wherever that was found."""


@dataclass(frozen=True)
class Limits:
    """Of one child: bytes of address space, seconds of CPU and on the clock, bytes of a file that it writes."""

    memory: int = 768 << 20
    cpu_seconds: int = 60
    seconds: float = 90.0
    file_bytes: int = MAX_INFLATED


class Stopped(Exception):
    """The work did not come to its end, or to nonsense. The message is a Chinese clause that says why."""


async def run(work: str, folder: Path, limits: Limits) -> Report:
    """What the child reports of this work (child.py) on what lies in the folder."""
    ending = await _ending(work, folder, limits)
    if ending is None:
        raise Stopped(f"超过 {limits.seconds:.0f} 秒还没有完成")
    if ending in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Stopped("用去的时间或内存超过上限")
    if ending:
        log.warning("upload.child_died", work=work, ending=ending, said=_last_words(folder))
        if ending in (OUT_OF_MEMORY, -signal.SIGABRT):
            raise Stopped("所需的内存超过上限")
        raise nonsense()
    return _report(folder)


def nonsense() -> Stopped:
    """What the child left, it cannot have written by itself."""
    return Stopped("处理文件的程序出错")


async def _ending(work: str, folder: Path, limits: Limits) -> int | None:
    """How the child ended: its exit code, or minus the signal. None where it was ended for taking too long."""
    numbers = (limits.memory, limits.cpu_seconds, limits.file_bytes)
    module = ("-P", "-s", "-X", "utf8", "-m", "services.sync.uploads.child")
    with (folder / _ERRORS).open("wb") as errors:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, *module, work, str(folder), *map(str, numbers)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=errors,
            env={"TMPDIR": str(folder), "PYTHONPATH": str(_OUR_CODE)},
            start_new_session=True,
        )
    try:
        async with asyncio.timeout(limits.seconds):
            return await child.wait()
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()


def _last_words(folder: Path) -> str:
    with (folder / _ERRORS).open("rb") as errors:
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - _LAST_WORDS))
        return errors.read(_LAST_WORDS).decode("utf-8", "replace")


def _report(folder: Path) -> Report:
    try:
        with (folder / REPORT).open("rb") as file:
            return Report.model_validate_json(file.read(LONGEST_REPORT))
    except (OSError, ValidationError) as error:
        raise nonsense() from error
