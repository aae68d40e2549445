"""A device login as it is shown."""

from services.accounts.device_logins.domain import INTERVAL, LIFE, shown, typed
from services.accounts.device_logins.store import Codes
from services.accounts.device_logins.views import AskedView, DeviceLoginView
from shared.mongo import Document


def asked_view(codes: Codes, scan_url: str) -> AskedView:
    """For the browser that asked."""
    user_code = shown(codes.user)
    return AskedView(
        device_code=codes.device,
        user_code=user_code,
        scan=f"{scan_url}?code={user_code}",
        expires_in=int(LIFE.total_seconds()),
        interval=int(INTERVAL.total_seconds()),
    )


def login_view(user_code: str, login: Document) -> DeviceLoginView:
    """For whoever is about to approve it, or has."""
    asked = login["asked"]
    return DeviceLoginView(
        user_code=shown(typed(user_code)),
        state=login["state"],
        asked_at=asked["at"],
        address_masked=asked["address_masked"],
        browser=asked["browser"],
        expires_at=login["expires_at"],
    )
