"""The second factor 动态口令: a code of six digits that an authenticator app computes from a secret and the time (RFC 6238).

Pure; the arithmetic is the library's.
"""

import base64
import hmac
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services.accounts.people.domain import User
from shared.events.accounts import Role
from shared.values.jurisdictions import Jurisdiction

SECRET_BYTES = 20
"""As long as the hash of RFC 4226, which is what authenticator apps know."""
_DIGITS, _SECONDS = 6, 30
_DRIFT = (0, -1, 1)
"""Steps that a phone's clock may be off."""
_ISSUER = "沿沪宁协同创新集市"


def fitting_step(secret: bytes, code: str, at: datetime) -> int | None:
    """The step of time whose code this is; None where it is none of about now."""
    totp = _totp(secret)
    now = int(at.timestamp())
    for drift in _DRIFT:
        moment = now + drift * _SECONDS
        if hmac.compare_digest(totp.generate(moment), code.encode()):
            return moment // _SECONDS
    return None


def code_at(secret: bytes, at: datetime) -> str:
    """What the app shows at this instant."""
    return _totp(secret).generate(int(at.timestamp())).decode()


def written(secret: bytes) -> str:
    """The secret as people type it into an app: base32."""
    return base64.b32encode(secret).decode()


def uri_of(secret: bytes, account: str) -> str:
    """What the app reads from a QR code."""
    return _totp(secret).get_provisioning_uri(account, _ISSUER)


def account_of(user: User) -> str:
    """By which an operator knows the entry in their app."""
    return user.nickname or user.id[-8:]


def own_city(user: User) -> Jurisdiction | None:
    """The city whose operators the person is one of, and nothing more; another operator of it may help them."""
    roles = {(each.role, each.jurisdiction) for each in user.roles if each.role is not Role.MEMBER}
    cities = {city for role, city in roles if role is Role.CITY_OPERATOR}
    return cities.pop() if len(roles) == len(cities) == 1 else None


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _SECONDS)  # noqa: S303
