"""A browser's login that waits for a phone (RFC 8628): its codes, its times, and what its approver is shown. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address

LIFE = timedelta(minutes=5)
"""How long a login waits to be approved, and how long a stolen device code may be worth anything."""
INTERVAL = timedelta(seconds=2)
"""How often the browser may ask whether it was approved."""
SLOWER = timedelta(seconds=5)
"""What a browser that asks sooner has to wait more from then on (RFC 8628, 3.5)."""
TRIES = 5
"""How many codes of the second factor one login takes: whoever has none of them must have the phone's approval anew."""
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""The letters of a user code (RFC 8628, 6.1): no vowels, so no words, and nothing that looks like a digit."""
LETTERS = 8
"""20^8 codes, of which few are alive: with ten tries a minute nobody meets one."""

_PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("QQBrowser", "QQ"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""By a word of its User-Agent, the more particular first: most browsers claim to be Safari as well."""
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Macintosh", "macOS"),
    ("HarmonyOS", "鸿蒙"),
    ("OpenHarmony", "鸿蒙"),
    ("Android", "Android"),
    ("Linux", "Linux"),
)
_UNKNOWN = "未知"


class State(StrEnum):
    """What became of a login."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True)
class Asked:
    """Where and when a login was asked for, as its approver sees it. The address is masked, the browser coarse."""

    at: datetime
    address_masked: str
    browser: str


@dataclass(frozen=True)
class Approver:
    """Who approved or denied, and the organisation that they acted for."""

    user_id: str
    organization_id: str | None


def asked(at: datetime, address: str, user_agent: str) -> Asked:
    """What is kept of a request."""
    return Asked(at, masked_address(address), browser_of(user_agent))


def masked_address(address: str) -> str:
    """203.0.113.*, of an IPv6 address the network of its provider: 2001:db8:1:*."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return _UNKNOWN
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv4Address):
        return f"{str(parsed).rpartition('.')[0]}.*"
    groups = [each.lstrip("0") or "0" for each in parsed.exploded.split(":")[:3]]
    return f"{':'.join(groups)}:*"


def browser_of(user_agent: str) -> str:
    """`Windows · Chrome`: enough to know one's own, and too little to follow anybody."""
    system = next((name for word, name in _SYSTEMS if word in user_agent), _UNKNOWN)
    program = next((name for word, name in _PROGRAMS if re.search(rf"\b{word}", user_agent)), _UNKNOWN)
    return f"{system} · {program}"


def shown(user_code: str) -> str:
    """BCDF-GHJK: as it is read out and typed."""
    return f"{user_code[:4]}-{user_code[4:]}"


def typed(text: str) -> str:
    """The code as it is kept; small letters, blanks and hyphens are forgiven."""
    return re.sub(r"[\s-]", "", text).upper()
