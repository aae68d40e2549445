"""What a process is told from outside, all through HUNING_* in its environment."""

import os
from pathlib import Path

from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

WECHAT_FILE = "wechat/wechat.env"


class WithWeChatFile(BaseSettings):
    """Settings of a process that may find WeChat's credentials among its keys (HUNING_KEYS), in `wechat/wechat.env`.

    The environment goes before the file. In production they stand only there: an environment can be read by many.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        keys = os.environ.get("HUNING_KEYS")
        file = DotEnvSettingsSource(settings_cls, env_file=Path(keys) / WECHAT_FILE) if keys else dotenv_settings
        return init_settings, env_settings, file


class Settings(WithWeChatFile):
    """Addresses, folders and limits. A default is what a single developer's machine needs."""

    model_config = SettingsConfigDict(env_prefix="HUNING_", extra="ignore", frozen=True)

    listen: str = "127.0.0.1:8000"
    """host:port of this process."""
    public_url: str = "http://127.0.0.1:8080"
    """Where clients reach the gateway: what a signature over @authority is verified against."""
    kafka: str = "127.0.0.1:9092"
    """Bootstrap servers, comma-separated."""
    mongodb: str = "mongodb://127.0.0.1:27017"
    prefix: str = ""
    """Put before every topic, consumer group and database, so that several systems share one set of servers."""
    home: Path = Path(".huning")
    keys: Path = Path(".huning/data/keys")
    """Holds a folder for each key that this process reads (deploy/local/topology.py) and, maybe, WeChat's credentials."""
    replica: int = 1
    """Which replica of its service this process is, from 1."""
    jwks_url: str = "http://127.0.0.1:8000/api/v1/accounts/jwks"
    wechat_url: str = "https://api.weixin.qq.com"
    wechat_appid: str = ""
    wechat_secret: str = ""
    wechat_token: str = ""
    wechat_aes_key: str = ""
    wechat_previous_aes_key: str = ""
    otlp_endpoint: str = ""
    """Where traces go (OTLP over HTTP); empty: nowhere."""
    log_level: str = "INFO"
    rate_per_second: int = 200
    """Requests a second that one caller may make of one process."""
    refusals_per_minute: int = 120
    """Bad credentials that one address may show one process; beyond it credentials from there are not looked at."""
    logins_per_code: int = 30
    """How often a minute WeChat is asked about one login code, which is good once."""
    device_logins_per_minute: int = 60
    """How many logins of browsers one address may ask one process for: a whole office has one address."""
    operators_need_totp: bool = False
    """Whether a browser of an operator is let in with a second factor only, also where none was enrolled yet."""
    scan_url: str = ""
    """Where the QR code of a login leads; empty: `public_url`/scan. Locally the stand-in for WeChat has a page there."""
    bytes_in_flight: int = 64 * 1024 * 1024
    """What the bodies of all requests may hold of one process at a time."""
    keep_days: str = ""
    """How long something is kept, where not for as long as docs/retention.md says: `name=days,name=days`."""
    pool_size: int = 20
    """MongoDB connections a process may hold."""
    publish_timeout_seconds: float = 10.0
    parked_in_a_row: int = 50
    parked_a_minute: int = 150
    """So many messages of one partition a consumer parks at most, before it stalls (shared/messaging/limits.py)."""
    body_timeout_seconds: float = 15.0
    """How long a client may take to send a body."""

    @property
    def host(self) -> str:
        return self.listen.rsplit(":", 1)[0]

    @property
    def port(self) -> int:
        return int(self.listen.rsplit(":", 1)[1])

    def topic(self, name: str) -> str:
        """The topic's name on this broker."""
        return f"{self.prefix}{name}"

    def group(self, name: str) -> str:
        """The consumer group's name on this broker."""
        return f"{self.prefix}{name}"

    def database(self, service: str) -> str:
        """The name of a service's own database."""
        return f"{self.prefix}huning_{service}".replace(".", "_")
