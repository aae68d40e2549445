"""Who uses the mini-program, and how many messages of which template each of them still takes."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from deploy.local.wechat.journal import Journal

_CODE = re.compile(r"code:([A-Za-z0-9_.-]{1,64})(#[A-Za-z0-9_.-]{1,64})?")

_OPENID = re.compile(r"o[A-Za-z0-9_-]{27}")


@dataclass(frozen=True)
class Person:
    """A name that logs in, with the ids that WeChat gives it."""

    name: str
    openid: str
    unionid: str


class BadCode(Exception):
    """A login code that WeChat refuses; `errcode` says why."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class People:
    """Logins and credits, kept in `people.jsonl` and `credits.jsonl`."""

    def __init__(self, folder: Path, appid: str) -> None:
        self._appid = appid
        self._people = Journal(folder / "people.jsonl")
        self._credits = Journal(folder / "credits.jsonl")
        self._known = {entry["openid"]: self._person(entry["name"]) for entry in self._people.entries()}
        self._left = {
            (entry["touser"], entry["template_id"]): int(entry["credits"]) for entry in self._credits.entries()
        }
        self._used_codes: set[str] = set()

    def log_in(self, code: str) -> Person:
        """`code:<name>` works as often as one likes, `code:<name>#<anything>` once, everything else never."""
        match = _CODE.fullmatch(code)
        if not match:
            raise BadCode(40029)
        if match[2]:
            if code in self._used_codes:
                raise BadCode(40163)
            self._used_codes.add(code)
        return self.named(match[1])

    def named(self, name: str) -> Person:
        """The person of this name, who from now on has an openid of this mini-program."""
        person = self._person(name)
        if person.openid not in self._known:
            self._known[person.openid] = person
            self._people.append({"name": person.name, "openid": person.openid, "unionid": person.unionid})
        return person

    def knows(self, openid: str) -> bool:
        return openid in self._known

    def openid(self, who: str) -> str:
        """The openid of an openid, a name, or `code:<name>`."""
        return who if _OPENID.fullmatch(who) else self._person(who.removeprefix("code:")).openid

    def credits(self, openid: str, template_id: str) -> int:
        """How many more messages of this template the person takes."""
        return self._left.get((openid, template_id), 0)

    def set_credits(self, openid: str, template_id: str, credits: int) -> None:
        self._left[openid, template_id] = credits
        self._credits.append({"touser": openid, "template_id": template_id, "credits": credits})

    def close(self) -> None:
        self._people.close()
        self._credits.close()

    def _person(self, name: str) -> Person:
        return Person(name, "o" + self._derived("openid", name, 27), "o" + self._derived("unionid", name, 27))

    def _derived(self, what: str, name: str, length: int) -> str:
        digest = hashlib.sha256(f"{what}/{self._appid}/{name}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode()[:length]
