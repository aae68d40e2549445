"""What a clerk has told the agent once: a small TOML file, whose values count where neither the command nor the environment says
otherwise. `huning-agent init` writes it; `HUNING_AGENT_CONFIG` names another one.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import typer

from services.sync.agent.errors import AgentError
from services.sync.rows.errors import reason

NAMES = ("server", "jurisdiction", "key", "key_id", "kind", "coordinates", "mapping", "encoding", "state", "patience")
"""As the options are called, and the variables `HUNING_AGENT_…`."""
_HEADING = "# huning-agent 的设置。命令里的选项和环境变量优先于这里的值。\n"


def path() -> Path:
    """The file, whether it is there or not."""
    named = os.environ.get("HUNING_AGENT_CONFIG")
    return Path(named) if named else Path(typer.get_app_dir("huning-agent")) / "huning-agent.toml"


def folder() -> Path:
    """Where the agent keeps what is its own: beside the file."""
    return path().parent


def read() -> dict[str, str]:
    """What the file says; nothing where there is none. AgentError where it cannot be understood."""
    at = path()
    try:
        values = tomllib.loads(at.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise AgentError(f"设置文件 {at} 读不了：{reason(error)}。") from error
    except ValueError as error:
        raise AgentError(
            f"设置文件 {at} 不是正确的 TOML：{error}。请改正，或删除它后重新运行 huning-agent init。"
        ) from error
    if unknown := next((name for name in values if name not in NAMES), None):
        raise AgentError(f"设置文件 {at} 里的“{unknown}”不是设置。可以写：{'、'.join(NAMES)}。")
    return {name: str(value) for name, value in values.items()}


def write(values: Mapping[str, str]) -> None:
    """The file with these values, in the place of what it was."""
    at = path()
    lines = (f"{name} = {json.dumps(values[name], ensure_ascii=False)}\n" for name in NAMES if name in values)
    fresh = at.with_suffix(".new")
    try:
        at.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(_HEADING + "".join(lines), encoding="utf-8")
        fresh.replace(at)
    except OSError as error:
        raise AgentError(f"设置写不到 {at}：{reason(error)}。请用环境变量 HUNING_AGENT_CONFIG 换一个位置。") from error


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return "HUNING_AGENT_" + name.upper()
