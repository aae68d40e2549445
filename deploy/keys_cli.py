"""`huning keys`: the secrets of an installation, in the folder of HUNING_KEYS."""

import base64
import binascii
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from deploy.local import keys
from shared.settings import Settings
from shared.values.clock import now

app = typer.Typer(help="密钥与微信凭证", no_args_is_help=True)

_REQUIRED = ("HUNING_WECHAT_APPID", "HUNING_WECHAT_SECRET", "HUNING_WECHAT_TOKEN", "HUNING_WECHAT_AES_KEY")
_WHILE_ROTATING = "HUNING_WECHAT_PREVIOUS_AES_KEY"


@app.command()
def make() -> None:
    """生成缺少的密钥；已有的绝不改动，旧版本的移到新位置。可重复执行。"""
    with _two_keys_explained():
        keys.make_own(Settings().keys)
    typer.echo("密钥就绪")


@app.command()
def stand_in() -> None:
    """生成微信模拟服务的凭证，仅用于演示。"""
    with _two_keys_explained():
        keys.make_stand_in(Settings().keys)
    typer.echo("模拟服务的凭证就绪")


@app.command()
def rotate_signing() -> None:
    """更换令牌签名密钥。旧密钥继续用于验证，令牌过期后即可删除。"""
    with _two_keys_explained():
        retired = keys.rotate_signing(Settings().keys, now())
    typer.echo(f"已更换签名密钥，请重启 accounts；15 分钟后可删除 {retired.name}")


@app.command()
def wechat() -> None:
    """从标准输入读取微信凭证（每行一个 名称=值）并保存。"""
    credentials = _read(sys.stdin.read())
    with _two_keys_explained():
        keys.write_wechat(Settings().keys, credentials)
    typer.echo("微信凭证已保存，请重启 accounts 和 notifications")


@contextmanager
def _two_keys_explained() -> Iterator[None]:
    """Says what a person has to decide, and exits."""
    try:
        yield
    except keys.TwoKeysError as error:
        typer.echo(f"未完成：{error}", err=True)
        raise typer.Exit(1) from error


def _read(text: str) -> dict[str, str]:
    """Exactly the four that WeChat gives, and the previous AES key while that is being changed; exits when not so."""
    lines = [line.partition("=") for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    found = {name.strip(): value.strip() for name, _, value in lines}
    wrong = [
        *(f"缺少 {name}" for name in _REQUIRED if not found.get(name)),
        *(f"不认识 {name}" for name in found if name not in (*_REQUIRED, _WHILE_ROTATING)),
        *(f"{name} 应为 43 个字符" for name, value in found.items() if "AES_KEY" in name and not _is_aes_key(value)),
    ]
    if wrong:
        typer.echo(f"未保存：{'；'.join(wrong)}。", err=True)
        raise typer.Exit(1)
    return found


def _is_aes_key(text: str) -> bool:
    """Whether it is an EncodingAESKey: 32 bytes in base64 without the padding."""
    try:
        return len(base64.b64decode(f"{text}=", validate=True)) == 32
    except binascii.Error:
        return False
