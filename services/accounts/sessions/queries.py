"""A session as it is answered."""

from services.accounts.organizations.store import Organizations
from services.accounts.people.queries import user_view
from services.accounts.sessions.commands import Session
from services.accounts.sessions.families import Families
from services.accounts.sessions.signing import SigningKeys
from services.accounts.sessions.views import BrowserSessionView, LoginView, SessionView
from shared.access.tokens import ACCESS_TOKEN_SECONDS, claims_of
from shared.values.clock import now


async def login_view(organizations: Organizations, keys: SigningKeys, session: Session) -> LoginView:
    """The tokens of a session, and the person; the access token says what they may do now."""
    view = await _browser_view(organizations, keys, session)
    return LoginView(**vars(view), refresh_token=session.issued.refresh_token)


async def session_view(
    organizations: Organizations, keys: SigningKeys, session: Session, *, by_cookie: bool
) -> LoginView | BrowserSessionView:
    """The same; of a browser's session without the refresh token, which comes by the cookie alone."""
    return await (_browser_view if by_cookie else login_view)(organizations, keys, session)


async def sessions_listed(families: Families, user_id: str, current: str | None) -> list[SessionView]:
    """A person's own sessions; `current` names the one that asks, where it is known."""
    return [
        SessionView(
            browser=each.browser,
            kind="browser" if each.browser else "mini_program",
            last_used_at=each.last_used_at,
            current=each.family == current,
        )
        for each in await families.lasting(user_id, now())
    ]


async def _browser_view(organizations: Organizations, keys: SigningKeys, session: Session) -> BrowserSessionView:
    user, issued = session.user, session.issued
    claims = claims_of(
        user.state.published(), user.version, issued.at, issued.token_id, session.acting, by_browser=issued.by_browser
    )
    return BrowserSessionView(
        access_token=keys.sign(claims),
        expires_in=ACCESS_TOKEN_SECONDS,
        user=await user_view(organizations, user.state, session.acting_for),
    )
