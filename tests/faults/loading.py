"""People who read and write without a pause, and the counts of what they were answered."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2

from tests.client import Answer, Api, Json, challenge


@dataclass
class Counts:
    """What readers and writers met."""

    read_seconds: list[float] = field(default_factory=list)
    failed_reads: list[str] = field(default_factory=list)
    writes: Counter[int] = field(default_factory=Counter)
    """How many writes were refused how often before they were acknowledged."""
    wrong_writes: list[str] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    """The challenges whose drafting and submission were acknowledged."""
    tag: str = field(default_factory=lambda: f"轮换{uuid.uuid4().hex[:8]}")
    """Their title."""

    def __str__(self) -> str:
        again = ", ".join(f"{count} after {times} × 503" for times, count in sorted(self.writes.items()) if times)
        return (
            f"{len(self.read_seconds)} reads, {len(self.failed_reads)} failed, the slowest {max(self.read_seconds):.1f} s; "
            f"{self.writes.total()} writes: {self.writes[0]} at once{again and f', {again}'}"
        )


@dataclass
class Load:
    """Visitors who read `paths`, and companies that draft and submit challenges, until the block ends."""

    api: Api
    paths: tuple[str, ...]
    people: int = 3
    pause_seconds: float = 0.02
    """Between two requests of one person: the machine has others to serve as well."""

    @contextmanager
    def running(self) -> Iterator[Counts]:
        """The counts, complete once the block has ended."""
        counts, done = Counts(), threading.Event()
        self.api.session("company-suzhou")
        with ThreadPoolExecutor(2 * self.people) as pool:
            everybody = [pool.submit(work, counts, done) for work in (self._read, self._write) * self.people]
            try:
                yield counts
            finally:
                done.set()
        for each in everybody:
            each.result()

    def _read(self, counts: Counts, done: threading.Event) -> None:
        while not done.is_set():
            for path in self.paths:
                began = time.monotonic()
                said = _said(lambda path=path: self.api.visitor.get(path))  # type: ignore[misc]
                counts.read_seconds.append(time.monotonic() - began)
                if said != "200":
                    counts.failed_reads.append(f"{path}: {said}")
                done.wait(self.pause_seconds)

    def _write(self, counts: Counts, done: threading.Event) -> None:
        while not done.is_set():
            drafted = self._acknowledged(counts, "challenges", challenge(title=counts.tag, jurisdiction="suzhou"))
            if drafted is not None and self._acknowledged(counts, f"challenges/{drafted['id']}/submit", None):
                counts.submitted.append(drafted["id"])
            done.wait(self.pause_seconds)

    def _acknowledged(self, counts: Counts, path: str, body: Json) -> Json:
        """The body of a command's answer, asked again under the same key as long as the answer invites to; else None."""
        company, key = self.api.as_("company-suzhou"), str(uuid.uuid4())
        content: dict[str, Json] = {"content": b""} if body is None else {"json": body}
        for refused in range(10):
            answer = company.request("POST", path, key=key, **content)
            if answer.status in (200, 201):
                counts.writes[refused] += 1
                return answer.body
            if answer.status != 503 or "retry-after" not in answer.headers:
                break
            time.sleep(float(answer.headers["retry-after"]))
        counts.wrong_writes.append(f"{path}: {_described(answer)}")
        return None


def _said(ask: Callable[[], Answer]) -> str:
    try:
        answer = ask()
    except httpx2.TransportError as error:
        return repr(error)
    return "200" if answer.status == 200 else _described(answer)


def _described(answer: Answer) -> str:
    return f"{answer.status} {answer.body}"[:300]
