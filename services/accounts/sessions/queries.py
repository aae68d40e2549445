"""A session as it is answered."""

from services.accounts.organizations.store import Organizations
from services.accounts.people.queries import user_view
from services.accounts.sessions.commands import Session
from services.accounts.sessions.signing import SigningKeys
from services.accounts.sessions.views import LoginView
from shared.access.tokens import ACCESS_TOKEN_SECONDS, claims_of


async def login_view(organizations: Organizations, keys: SigningKeys, session: Session) -> LoginView:
    """The tokens of a session, and the person; the access token says what they may do now."""
    user, issued = session.user, session.issued
    claims = claims_of(user.state.published(), user.version, issued.at, issued.token_id, session.acting)
    return LoginView(
        access_token=keys.sign(claims),
        refresh_token=issued.refresh_token,
        expires_in=ACCESS_TOKEN_SECONDS,
        user=await user_view(organizations, user.state, session.acting_for),
    )
