"""What operators do about organisations: join two codes, and undo it."""

from dataclasses import dataclass
from datetime import datetime

from services.sync import problems as ours
from services.sync.organizations import joined as domain
from services.sync.organizations.joined import JoinedCode, root_of
from services.sync.organizations.store import Joined
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.beginning import change_or_begin
from shared.values import problems
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

_NO_RECORDS = "没有记录使用这个统一社会信用代码"
_ITSELF = "不能并入自身，请填写另一个统一社会信用代码"


def written(code: str) -> str:
    """The code as records have it."""
    return "".join(code.split()).upper()


@dataclass(frozen=True)
class OrganizationCommands:
    """Merges, each with its reason."""

    joined: Joined

    async def merge(
        self, caller: Caller, attempt: Attempt, at: datetime, code: str, into: str, reason: str
    ) -> Stored[JoinedCode]:
        """Joins a code into another. Both must be in use."""
        check("sync.merge-organization", caller, Facts())
        code, into = written(code), written(into)
        if known := await self._made(attempt, code):
            return known
        if code == into:
            raise invalid(FieldError("into", "not_allowed", _ITSELF))
        if not await self.joined.has_records(code):
            raise Refusal(problems.NOT_FOUND)
        if not await self.joined.has_records(into):
            raise invalid(FieldError("into", "not_found", _NO_RECORDS))
        around = await self.joined.around(code)
        ways = {each.id: each.into for each in around.values() if each.into}
        if code not in ways and root_of(into, ways) == root_of(code, ways):
            raise Refusal(ours.CODES_ARE_ONE)
        return await change_or_begin(
            self.joined.codes,
            JoinedCode(id=code),
            lambda before: domain.merge(before, into, caller.id, at, reason),
            attempt,
        )

    async def unmerge(
        self, caller: Caller, attempt: Attempt, at: datetime, code: str, reason: str
    ) -> Stored[JoinedCode]:
        """Undoes the merge of a code."""
        check("sync.unmerge-organization", caller, Facts())
        return await self.joined.codes.change(
            written(code), lambda before: domain.unmerge(before, caller.id, at, reason), attempt=attempt
        )

    async def _made(self, attempt: Attempt, code: str) -> Stored[JoinedCode] | None:
        """What this attempt did earlier: rules that hold for a first try do not for its repeat."""
        document = await self.joined.codes.collection.find_one({"_id": code})
        if document is None or not attempt.was_made(document["attempts"]):
            return None
        stored = await self.joined.codes.get(code)
        return Stored(stored.state, stored.version, stored.revision, replayed=True)
