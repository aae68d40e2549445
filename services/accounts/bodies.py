"""The request bodies, and the two texts in them that have rules of their own."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.events.accounts import OrganizationKind, Role
from shared.values.credit_codes import is_credit_code
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FieldError
from shared.values.readable import LINE, PROSE
from shared.values.validation import invalid

Name = Annotated[str, Field(min_length=1, max_length=100), LINE]
Phone = Annotated[str, Field(min_length=1, max_length=40), LINE]
Token = Annotated[str, Field(min_length=1, max_length=512)]

_FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "})
_LETTERS_NEVER_USED = "IOSVZ"


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Login(_Written):
    """What `wx.login` gave the mini-program."""

    code: Token


class Refresh(_Written):
    """The refresh token of the last answer."""

    refresh_token: Token


class Profile(_Written):
    """What a person may change about himself; a field that is not given stays as it is, null takes it away."""

    nickname: Name | None = None
    phone: Phone | None = None


class ContactWritten(_Written):
    """Whom the city's staff may call."""

    name: Name
    phone: Phone


class Application(_Written):
    """An organisation that asks to be verified."""

    name: Name
    credit_code: Annotated[str, Field(max_length=64)]
    jurisdiction: Jurisdiction
    kind: OrganizationKind
    contact: ContactWritten


class Rejection(_Written):
    """Why the city refuses."""

    reason: Annotated[str, Field(min_length=1, max_length=500), PROSE]


class RoleWritten(_Written):
    """A role, and the city that a city_operator is for."""

    role: Role
    jurisdiction: Jurisdiction | None = Field(default=None)


def credit_code_of(text: str) -> str:
    """The code as it is kept: capitals, no blanks. Refused on the field, saying which of its rules is broken."""
    code = "".join(text.translate(_FULL_WIDTH).split()).upper()
    if is_credit_code(code):
        return code
    raise invalid(FieldError("credit_code", *_what_is_wrong(code)))


def _what_is_wrong(code: str) -> tuple[str, str]:
    if len(code) != 18:
        return "bad_length", f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请对照营业执照或法人证书核对"
    found = sorted({letter for letter in code if letter in _LETTERS_NEVER_USED})
    if found:
        return "bad_character", f"统一社会信用代码不含字母 I、O、S、V、Z，现有 {'、'.join(found)}，请核对是否与数字混淆"
    if not (code.isascii() and code.isalnum()):
        return "bad_character", "统一社会信用代码只含数字和大写字母，请删去其他字符"
    return "bad_check_character", "统一社会信用代码的校验位不符，可能有一位抄错，请对照营业执照或法人证书核对"


def phone_of(text: str, field: str) -> str:
    """The number as it is kept: half-width. Refused on the field when it is none that one could dial."""
    phone = text.translate(_FULL_WIDTH).strip()
    digits = [character for character in phone if character.isascii() and character.isdecimal()]
    if 5 <= len(digits) <= 20 and all(character in "0123456789+-() " for character in phone):
        return phone
    raise invalid(FieldError(field, "bad_phone", "请填写可以拨打的电话号码，例如 0512-12345678"))
