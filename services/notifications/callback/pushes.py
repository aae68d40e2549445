"""WeChat's pushes: the signature is verified, then the envelope is opened."""

from dataclasses import dataclass, field

from starlette.requests import Request

from services.notifications.callback.commands import CallbackCommands
from services.notifications.problems import BAD_PUSH, BAD_SIGNATURE
from shared.access.checking import Caller
from shared.http.routes import Authenticate
from shared.values.clock import Clock
from shared.values.problems import Refusal
from shared.wechat.callback import BadMessage, fields_of, items_of
from shared.wechat.crypto import BadEnvelope, Envelope, signed_by

PATH = "/api/v1/notifications/wechat/callback"
_STALE_SECONDS = 300
WECHAT = Caller(wechat=True)


@dataclass(frozen=True)
class Pushes:
    """Knows WeChat by its signature, and hands the items of what it pushed to the commands."""

    envelope: Envelope
    token: str = field(repr=False)
    commands: CallbackCommands
    clock: Clock

    def in_front_of(self, others: Authenticate) -> Authenticate:
        """Authenticates WeChat on its own path and leaves every other path to `others`."""

        async def authenticate(request: Request) -> Caller:
            return await self.caller(request) if request.scope["path"] == PATH else await others(request)

        return authenticate

    async def caller(self, request: Request) -> Caller:
        """WeChat, or a refusal: 403 for a signature that is bad or stale, 400 for a body that is none of its."""
        query = request.query_params
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if request.method == "GET":
            self._check(query.get("signature", ""), timestamp, nonce)
        else:
            self._check(query.get("msg_signature", ""), timestamp, nonce, _encrypted(await request.body()))
        return WECHAT

    async def take(self, body: bytes) -> None:
        """Opens a body whose signature was found good, and does what it says. Repeats change nothing."""
        try:
            items = items_of(fields_of(self.envelope.open(_encrypted(body))), self.envelope.appid)
        except BadEnvelope as error:
            raise Refusal(BAD_SIGNATURE) from error
        except BadMessage as error:
            raise Refusal(BAD_PUSH) from error
        for item in items:
            await self.commands.take(item)

    def _check(self, expected: str, timestamp: str, *parts: str) -> None:
        fresh = timestamp.isdecimal() and abs(self.clock().timestamp() - int(timestamp[:12])) <= _STALE_SECONDS
        # Without a token, as in an installation that was not told WeChat's, anybody could sign.
        if not self.token or not fresh or not signed_by(self.token, expected, timestamp, *parts):
            raise Refusal(BAD_SIGNATURE)


def _encrypted(body: bytes) -> str:
    try:
        return str(fields_of(body).get("Encrypt", ""))
    except BadMessage as error:
        raise Refusal(BAD_PUSH) from error
