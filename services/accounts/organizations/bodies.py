"""The request bodies about organisations, and the rule of a credit code as people type it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.events.accounts import OrganizationKind
from shared.values.credit_codes import is_credit_code
from shared.values.jurisdictions import Jurisdiction
from shared.values.phones import FULL_WIDTH, LONGEST, PHONE
from shared.values.problems import FieldError
from shared.values.readable import LINE, PROSE
from shared.values.validation import invalid

Name = Annotated[str, Field(min_length=1, max_length=100), LINE]

_LETTERS_NEVER_USED = "IOSVZ"


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContactWritten(_Written):
    """The person whom the city's staff may call."""

    name: Name
    phone: Annotated[str, Field(min_length=1, max_length=LONGEST), PHONE]


class Application(_Written):
    """An organisation that asks to be verified."""

    name: Name
    credit_code: Annotated[str, Field(max_length=64)]
    jurisdiction: Jurisdiction
    kind: OrganizationKind
    contact: ContactWritten


class Rejection(_Written):
    """The reason of the city."""

    reason: Annotated[str, Field(min_length=1, max_length=500), PROSE]


def credit_code_of(text: str, field: str = "credit_code") -> str:
    """The code as it is kept: capitals, no blanks. Refused on the field, naming the rule that is broken."""
    code = "".join(text.translate(FULL_WIDTH).split()).upper()
    if is_credit_code(code):
        return code
    raise invalid(FieldError(field, *_what_is_wrong(code)))


def _what_is_wrong(code: str) -> tuple[str, str]:
    if len(code) != 18:
        return "bad_length", f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请对照营业执照或法人证书核对"
    found = sorted({letter for letter in code if letter in _LETTERS_NEVER_USED})
    if found:
        return "bad_character", f"统一社会信用代码不含字母 I、O、S、V、Z，现有 {'、'.join(found)}，请核对是否与数字混淆"
    if not (code.isascii() and code.isalnum()):
        return "bad_character", "统一社会信用代码只含数字和大写字母，请删去其他字符"
    return "bad_check_character", "统一社会信用代码的校验位不符，可能有一位抄错，请对照营业执照或法人证书核对"
