"""Answers that cost in proportion to the index, made once for a commit and not once for a request."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

_MOST = 512
_SHARE = 10
"""An answer is used for at least so many times as long as it took to make: under a stream of commits the answers of one
key take a tenth of a core at most."""


@dataclass
class _Made:
    commit: object
    answer: asyncio.Future[Any]
    began: float
    seconds: float = 0.0

    def serves(self, commit: object) -> bool:
        """Whether it is of this commit, is still being made, or is too young to be made anew."""
        age = time.monotonic() - self.began
        return self.commit is commit or not self.answer.done() or age < _SHARE * self.seconds


@dataclass
class Answers:
    """The answers by what was asked. Requests for one key at one time share one answer."""

    _made: OrderedDict[Hashable, _Made] = field(default_factory=OrderedDict)

    async def get(self, commit: object, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """The answer to `key` at this commit, or at one shortly before it. An exception is not kept."""
        made = self._made.get(key)
        if made is None or not made.serves(commit):
            made = self._made[key] = _Made(commit, asyncio.ensure_future(make()), time.monotonic())
            made.answer.add_done_callback(partial(self._keep, key, made))
            if len(self._made) > _MOST:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(key)
        answer: T = await asyncio.shield(made.answer)
        return answer

    def _keep(self, key: Hashable, made: _Made, _: object) -> None:
        made.seconds = time.monotonic() - made.began
        failed = made.answer.cancelled() or made.answer.exception() is not None
        if failed and self._made.get(key) is made:
            del self._made[key]
