"""The refresh token of a browser: a cookie that no script reads, and that counts only for requests of our own pages.

Over HTTPS its name begins with `__Host-`, so that no other host of the domain can put one there. Where clients reach the
gateway by plain HTTP, which is on a developer's own machine alone, it has neither the prefix nor `Secure`: Chromium takes
both from http://127.0.0.1 (tried: 153), but only lately (HasValidHostPrefixAttributes asked for a cryptographic scheme before),
and Safari takes neither (docs/decisions/0045-browser-sessions.md).
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from services.accounts import problems
from services.accounts.sessions.families import IDLE
from shared.values import problems as shared_problems
from shared.values.problems import Refusal

_OWN = ("same-origin", "none")
"""What Sec-Fetch-Site says of a request of our own pages, or typed by a person."""


@dataclass(frozen=True)
class Presented:
    """A refresh token, and whether it came by the cookie: what came in the body is answered in the body."""

    token: str
    by_cookie: bool


@dataclass(frozen=True)
class RefreshCookie:
    """The cookie of a site that is reached over HTTPS, or not."""

    secure: bool

    @classmethod
    def of(cls, public_url: str) -> "RefreshCookie":
        return cls(public_url.startswith("https://"))

    @property
    def name(self) -> str:
        return "__Host-huning-refresh" if self.secure else "huning-refresh"

    def presented(self, request: Request, given: str | None) -> Presented:
        """The token of the body, else that of the cookie. 401 where there is none, 403 where another site may have sent it."""
        if given is not None:
            return Presented(given, by_cookie=False)
        token = self.token_in(request)
        if token is None:
            raise Refusal(shared_problems.TOKEN_MISSING)
        self.check_own_page(request)
        return Presented(token, by_cookie=True)

    def token_in(self, request: Request) -> str | None:
        """What the browser sent along."""
        return request.cookies.get(self.name)

    def check_own_page(self, request: Request) -> None:
        """403 `csrf_refused` unless a page of ours sent it: no form can send X-Requested-With, and a script of another site
        would have to ask first, which nobody answers."""
        if not request.headers.get("x-requested-with") or request.headers.get("sec-fetch-site", "none") not in _OWN:
            raise Refusal(problems.CSRF_REFUSED)

    def put(self, response: Response, token: str) -> None:
        """Sets it for as long as a session of a browser may be idle."""
        self._write(response, token, int(IDLE.total_seconds()))

    def remove(self, response: Response) -> None:
        self._write(response, "", 0)

    def _write(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="strict"
        )
