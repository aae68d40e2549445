"""Access tokens: what stands in them, how every service verifies them itself, and how a revoked role ends within seconds.

EdDSA JWTs; public keys from accounts' JWKS address. Roles in a token are what the user had at version `ver`; whoever's
version on `huning.users` is newer is judged by the newer state, so no role is trusted for a token's whole life.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
import structlog
from aiokafka import AIOKafkaConsumer
from starlette.requests import Request

from shared.access.checking import VISITOR, Caller
from shared.access.signing_keys import Keys
from shared.access.table import RULES
from shared.events.accounts import Membership, Role, RoleGrant, UserState
from shared.events.envelope import BadEvent, read_event
from shared.messaging.kafka import Bus, KafkaFault, from_the_beginning, stop_reader
from shared.values import problems
from shared.values.clock import now
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)

ISSUER = AUDIENCE = "huning"
ACCESS_TOKEN_SECONDS = 900
_LEEWAY_SECONDS = 5
_TOPIC = "huning.users"


def claims_of(
    user: UserState,
    version: int,
    at: datetime,
    token_id: str,
    acting: Membership | None = None,
    *,
    by_browser: bool = False,
) -> dict[str, Any]:
    """The claims of an access token, which accounts signs: a person, the organisation that they act for, and whether a
    browser holds it, where scripts run."""
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user.id,
        "ver": version,
        "roles": [grant.model_dump(mode="json") for grant in user.roles],
        "acting": acting and acting.model_dump(mode="json"),
        "generation": user.session_generation,
        "browser": by_browser,
        "iat": at,
        "nbf": at,
        "exp": at + timedelta(seconds=ACCESS_TOKEN_SECONDS),
        "jti": token_id,
    }


@dataclass
class Revocations:
    """The users whose state changed within a token's life, newest version each: a fold of `huning.users`."""

    bus: Bus
    _changed: dict[str, tuple[int, UserState, datetime]] = field(default_factory=dict)
    caught_up: bool = False
    _reader: AIOKafkaConsumer | None = None

    def newer_than(self, user_id: str, version: int) -> UserState | None:
        """The user's state when it is newer than this version."""
        known = self._changed.get(user_id)
        return known[1] if known and known[0] > version else None

    async def run(self) -> None:
        """Reads from a token's life ago, until cancelled. A broker that is away is waited for."""
        while True:
            try:
                await self._read()
            except (KafkaFault, OSError, TimeoutError) as error:
                log.warning("revocations.waiting", error=repr(error))
                await asyncio.sleep(1)

    def read_again(self, topic: str) -> None:
        """Goes to the beginning of the topic, if it is the users': it was made anew."""
        if self._reader and topic == _TOPIC:
            from_the_beginning(self._reader, self.bus.settings.topic(topic))

    async def _read(self) -> None:
        reader = self._reader = self.bus.reader(_TOPIC)
        try:
            await reader.start()
            partitions = sorted(reader.assignment())
            since = int((time.time() - ACCESS_TOKEN_SECONDS - 60) * 1000)
            found = await reader.offsets_for_times(dict.fromkeys(partitions, since))
            ends = await reader.end_offsets(partitions)
            for partition, start in found.items():
                reader.seek(partition, start.offset if start else ends[partition])
            while True:
                batches = await reader.getmany(timeout_ms=500)
                for records in batches.values():
                    for record in records:
                        self._take(record.headers, record.value)
                self._forget()
                if not self.caught_up:
                    self.caught_up = all([await reader.position(each) >= ends[each] for each in partitions])
        finally:
            self._reader = None
            await stop_reader(reader)

    def _take(self, headers: Sequence[tuple[str, bytes]], value: bytes | None) -> None:
        try:
            event = read_event(headers, value)
        except BadEvent:
            return  # parked, with its reason, by the consumers of this topic
        known = self._changed.get(event.subject)
        if isinstance(event.data, UserState) and (known is None or known[0] < event.version):
            self._changed[event.subject] = (event.version, event.data, now())

    def _forget(self) -> None:
        horizon = now() - timedelta(seconds=ACCESS_TOKEN_SECONDS + 60)
        for user_id in [each for each, (_, _, seen) in self._changed.items() if seen < horizon]:
            del self._changed[user_id]


@dataclass(frozen=True)
class Tokens:
    """Turns a bearer token into a Caller; no token is a visitor; a bad one is 401 with a code that says why.

    An expired token is no reason to refuse what a visitor may read: it counts as none there.
    """

    keys: Keys
    revocations: Revocations

    async def caller(self, request: Request) -> Caller:
        header = request.headers.get("authorization")
        row = RULES.get(getattr(request.state, "action", ""))
        if header is None or (row is not None and not row.takes_token):
            return VISITOR
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(problems.TOKEN_INVALID)
        try:
            return self._caller(await self.verified(token))
        except Refusal as refusal:
            if refusal.problem is problems.TOKEN_EXPIRED and row is not None and "visitor" in row.allow:
                return VISITOR
            raise

    async def verified(self, token: str) -> Mapping[str, Any]:
        """The token's claims; refused when the signature, the times or the audience are wrong."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != "EdDSA" or not isinstance(header.get("kid"), str):
                raise Refusal(problems.TOKEN_INVALID)
            key = await self.keys.get(header["kid"])
            return jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "nbf", "iat", "sub", "aud", "iss", "ver"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Refusal(problems.TOKEN_EXPIRED) from error
        except jwt.ImmatureSignatureError as error:
            raise Refusal(problems.TOKEN_NOT_YET_VALID) from error
        except jwt.InvalidAudienceError as error:
            raise Refusal(problems.TOKEN_WRONG_AUDIENCE) from error
        except jwt.PyJWTError as error:
            raise Refusal(problems.TOKEN_INVALID) from error

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        """The caller by the newest state that is known. A membership that ended is never replaced by another one."""
        by_browser = bool(claims.get("browser", False))
        newer = self.revocations.newer_than(claims["sub"], claims["ver"])
        acting = Membership.model_validate(claims["acting"]) if claims.get("acting") else None
        if newer is None:
            roles = [RoleGrant.model_validate(each) for each in claims["roles"]]
            return _caller(claims["sub"], roles, acting, by_browser=by_browser)
        if newer.session_generation > claims.get("generation", 0):
            raise Refusal(problems.TOKEN_REVOKED)
        if acting is not None:
            held = [each for each in newer.memberships if each.organization_id == acting.organization_id]
            if not held:
                raise Refusal(problems.MEMBERSHIP_ENDED)
            acting = held[0]
        return _caller(claims["sub"], newer.roles, acting, by_browser=by_browser)


def _caller(user_id: str, roles: Iterable[RoleGrant], acting: Membership | None, *, by_browser: bool) -> Caller:
    grants = {(each.role, each.jurisdiction) for each in roles if each.role is not Role.ORG_ADMIN}
    if acting is None:
        return Caller(user_id=user_id, grants=frozenset(grants), by_browser=by_browser)
    return Caller(
        user_id=user_id,
        grants=frozenset({*grants, (acting.role, None)}),
        organization_id=acting.organization_id,
        by_browser=by_browser,
    )
