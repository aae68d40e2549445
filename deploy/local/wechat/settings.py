"""What the stand-in is told from outside."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.settings import WithWeChatFile


class StandInSettings(WithWeChatFile):
    """The one mini-program it knows, and where it listens and pushes."""

    model_config = SettingsConfigDict(env_prefix="HUNING_", extra="ignore", frozen=True)

    home: Path = Path(".huning")
    wechat_host: str = "127.0.0.1"
    wechat_port: int = 8089
    wechat_appid: str
    wechat_secret: str
    wechat_token: str
    wechat_aes_key: str
    wechat_callback: str = ""
    """Where events are pushed; empty: nowhere."""
    public_url: str = "http://127.0.0.1:8080"
    """The gateway, at which the login page does what the mini-program would."""

    @property
    def folder(self) -> Path:
        return self.home / "data" / "wechat"
