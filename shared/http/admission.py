"""Who is let through, before anything of theirs is read: budgets of requests per caller and of refusals per address.

Whole offices share one address, so what succeeds there is not counted: only bad credentials are. Where an address has used
up its refusals, those who were recognised lately still pass.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address

from shared.access.checking import VISITOR, Caller
from shared.access.rules import Rule
from shared.http.budgets import Budget
from shared.http.reading import InFlight, Request
from shared.settings import Settings
from shared.values import problems
from shared.values.problems import Refusal

Authenticate = Callable[[Request], Awaitable[Caller]]
_RECOGNISED = 10_000
_HOST_BITS = 64
_CREDENTIALS = (b"authorization", b"signature-input", b"signature")
_HARMLESS = {problems.TOKEN_EXPIRED.code, problems.TOKEN_MISSING.code}
"""What happens to everybody: not a sign of somebody who guesses."""


@dataclass
class Admission:
    """The budgets of one process, all bounded in memory."""

    callers: Budget
    refusals: Budget
    in_flight: InFlight
    body_seconds: float
    _recognised: OrderedDict[int, None] = field(default_factory=OrderedDict)
    """Hashes of the Authorization headers that were found good lately, the newest last."""

    @classmethod
    def of(cls, settings: Settings) -> "Admission":
        return cls(
            callers=Budget(settings.rate_per_second, settings.rate_per_second),
            refusals=Budget(settings.refusals_per_minute / 60, settings.refusals_per_minute),
            in_flight=InFlight(settings.bytes_in_flight),
            body_seconds=settings.body_timeout_seconds,
        )

    async def caller(self, request: Request, rule: Rule, authenticate: Authenticate) -> Caller:
        """Who calls; 429 where credentials come from an address that has shown too many bad ones."""
        given = hash(request.header(b"authorization"))
        if self.refusals and self._is_guessing(request, rule, given):
            raise Refusal(problems.TOO_MANY_REQUESTS)
        try:
            caller = await authenticate(request)
        except Refusal as refusal:
            self.refused(request, refusal)
            raise
        if caller.user_id:
            self._recognise(given)
        return caller

    def count(self, request: Request, caller: Caller) -> None:
        """Takes one of the caller's requests; 429 where none is left."""
        name = address_of(request) if caller == VISITOR else caller.id
        if not self.callers.spend(name):
            raise Refusal(problems.TOO_MANY_REQUESTS)

    def refused(self, request: Request, refusal: Refusal) -> None:
        """Counts a bad credential against the address that it came from."""
        if refusal.problem.status in (401, 403) and refusal.problem.code not in _HARMLESS:
            self.refusals.spend(address_of(request))

    def _is_guessing(self, request: Request, rule: Rule, given: int) -> bool:
        spent = self.refusals.is_spent(address_of(request))
        return spent and given not in self._recognised and _shows_credentials(request, rule)

    def _recognise(self, given: int) -> None:
        self._recognised[given] = None
        self._recognised.move_to_end(given)
        if len(self._recognised) > _RECOGNISED:
            self._recognised.popitem(last=False)


def _shows_credentials(request: Request, rule: Rule) -> bool:
    """A token, a signature, or a body that holds a code or a refresh token."""
    return any(request.header(name) for name in _CREDENTIALS) or rule.method != "GET" or "wechat" in rule.allow


def address_of(request: Request) -> str:
    """Where the request comes from, as the gateway says; of an IPv6 address its network: everybody has 2^64 addresses."""
    text = request.header(b"x-forwarded-for")
    address = text.rpartition(",")[2].strip() if text else (request.client.host if request.client else "")
    return _network_of(address) if ":" in address else address


def _network_of(address: str) -> str:
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> _HOST_BITS << _HOST_BITS))
