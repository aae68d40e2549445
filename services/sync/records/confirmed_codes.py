"""Credit codes of which the check digit is wrong and that are real all the same: an operator said so, once, for all cities.

Codes from before 2016 were given out with such digits. A row that carries one is kept with a warning until somebody has seen
the certificate.
"""

from collections.abc import Iterable
from datetime import datetime

from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.mongo import DuplicateKeyError
from shared.values.credit_codes import Fault, fault_of
from shared.values.problems import FieldError
from shared.values.validation import invalid

_GOOD = "该统一社会信用代码符合编码规则，无需确认"
_WRONG = "不是统一社会信用代码：除校验位外还有不符合编码规则之处，不能确认"


class ConfirmedCode(Kept):
    """`id` is the code."""

    id: str
    confirmed_by: str
    confirmed_at: datetime


async def confirm(
    codes: Aggregates[ConfirmedCode], caller: Caller, attempt: Attempt, at: datetime, credit_code: str
) -> Stored[ConfirmedCode]:
    """From now on rows with this code carry no warning. Again, by whomever: as it was confirmed first."""
    check("sync.confirm-code", caller, Facts())
    code = "".join(credit_code.split()).upper()
    if fault_of(code) is not Fault.CHECK_DIGIT:
        raise invalid(FieldError("credit_code", "not_allowed", _WRONG if fault_of(code) else _GOOD))
    state = ConfirmedCode(id=code, confirmed_by=caller.id, confirmed_at=at)
    try:
        return await codes.create(Decision(state, "confirm", caller.id, None), attempt=attempt)
    except DuplicateKeyError:
        return await codes.get(code)


async def confirmed(codes: Aggregates[ConfirmedCode], among: Iterable[str]) -> set[str]:
    """Those of these codes that were confirmed."""
    found = await codes.where({"_id": {"$in": sorted(among)}})
    return {each.state.id for each in found}
