"""`make compose-check`: the production compose file for real, and the demo against what it publishes.

HUNING_COMPOSE is the compose command (default `docker compose`); HUNING_ENGINE is what lists containers, volumes and
networks (default: that command without the word `compose`; where that is a program's path, `engine` beside it).
It works in a project of its own on free ports, and touches nothing else on the machine.
"""

import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from rich.console import Console

from deploy.local import sample_data
from deploy.local.api import ApiError
from deploy.local.place import Place

_DEPLOY = Path(__file__).parent
_FILES = ("compose.yaml", "compose.demo.yaml")
_PROJECT = "huning-check"
_LABEL = f"label=com.docker.compose.project={_PROJECT}"
_KILLED = "search"
_COMMAND_SECONDS = 1800.0
_VISIBLE_SECONDS = 120.0
_LAST_LINES = 40


class CheckFailedError(Exception):
    """What was not as it should be, in Chinese, for the person at the terminal."""


@dataclass
class Check:
    """One run: its ports, the folder for what the sample data leaves behind, and the steps in order."""

    folder: Path
    compose: tuple[str, ...]
    engine: tuple[str, ...]
    kafka_port: int = field(default_factory=lambda: _free_port())
    institutions: int = 0

    def __post_init__(self) -> None:
        self.place = Place(home=self.folder, port=_free_port(), wechat_port=_free_port())
        self.environment = {
            **os.environ,
            "HUNING_HOME": str(self.folder),
            "HUNING_PORT": str(self.place.port),
            "HUNING_WECHAT_PORT": str(self.place.wechat_port),
            "HUNING_KAFKA_PORT": str(self.kafka_port),
            "HUNING_KAFKA": f"127.0.0.1:{self.kafka_port}",
            "HUNING_PREFIX": "",
        }

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """Each with what it shows, in the order in which they must run."""
        return [
            ("构建镜像，启动微信模拟服务", self.start_wechat),
            ("启动全部服务，逐个健康", self.start_all),
            ("告警规则在应触发时触发", self.try_alerts),
            ("载入样例账号与八市院校名录，全部可搜到", self.load),
            ("网页在浏览器中打开", self.open_in_a_browser),
            ("演示走通", self.demonstrate),
            (f"强制终止 {_KILLED} 再启动，数据仍在", self.kill_and_start),
            ("演示再次走通", self.demonstrate),
        ]

    def look_for_tools(self) -> None:
        """Nothing is built or started where compose, or the engine behind it, is missing or not running."""
        try:
            self._call([*self.compose, "version"])
        except CheckFailedError as error:
            raise CheckFailedError(
                f"{shlex.join(self.compose)} 不可用，请安装 Docker 及其 compose 插件，或用 HUNING_COMPOSE 指定。\n{error}"
            ) from error
        try:
            self._call([*self.engine, "ps", "-q"])
        except CheckFailedError as error:
            raise CheckFailedError(
                f"{shlex.join(self.engine)} 没有应答，请启动 Docker，或用 HUNING_ENGINE 指定。\n{error}"
            ) from error

    def start_wechat(self) -> None:
        # Its own file goes first: some compose commands start only what the first file names.
        self._compose("up", "-d", "--wait", "wechat", files=tuple(reversed(_FILES)))

    def start_all(self) -> None:
        self._compose("up", "-d", "--wait")

    def try_alerts(self) -> None:
        self._compose("exec", "-T", "prometheus", "promtool", "test", "rules", "/etc/prometheus/alerts.test.yaml")

    def load(self) -> None:
        sample_data.load_accounts(self._run)
        self.institutions = sample_data.push_institutions(self.place, self._run)
        self._all_are_found()

    def open_in_a_browser(self) -> None:
        """As a program of its own: the browser belongs to the tests, which nothing here imports."""
        self._call([sys.executable, "-m", "tests.web.opened", self.place.gateway_url])

    def demonstrate(self) -> None:
        self._call([sys.executable, "-m", "deploy.local.demo"])

    def kill_and_start(self) -> None:
        self._compose("kill", _KILLED)
        if sample_data.found_institutions(self.place.gateway_url):
            raise CheckFailedError(f"{_KILLED} 被终止后仍在应答")
        self._compose("start", _KILLED)
        self._all_are_found()

    def state(self) -> str:
        """Every container with its state and its last lines, for a person who has to find out why."""
        names = self._listed("ps", "-a", "--format", "{{.Names}}")
        states = self._call([*self.engine, "ps", "-a", "--filter", _LABEL, "--format", "{{.Names}} {{.Status}}"])
        return "\n".join([states, *(f"{name}\n{self._last_lines(name)}" for name in names)])

    def remove(self) -> None:
        """Ends the project with its volumes; CheckFailedError names what is still there."""
        mounted = self._volumes_of(self._listed("ps", "-aq"))
        self._compose("down", "-v")
        left = [
            *self._listed("ps", "-aq"),
            *self._listed("volume", "ls", "-q"),
            *self._listed("network", "ls", "-q"),
            *(mounted & set(self._call([*self.engine, "volume", "ls", "-q"]).split())),
        ]
        if left:
            raise CheckFailedError(f"down -v 之后还剩下：{'、'.join(left)}")

    def _all_are_found(self) -> None:
        end = time.monotonic() + _VISIBLE_SECONDS
        while (found := sample_data.found_institutions(self.place.gateway_url)) != self.institutions:
            if time.monotonic() > end:
                raise CheckFailedError(f"应搜到 {self.institutions} 家院校，{_VISIBLE_SECONDS:.0f} 秒后只有 {found} 家")
            time.sleep(0.5)

    def _run(self, command: tuple[str, ...]) -> str:
        """Commands of the platform run inside, beside its database; the city's agent runs outside, as in a city."""
        program, *arguments = command
        if Path(program).name == "huning":
            return self._compose("exec", "-T", "accounts", "huning", *arguments)
        return self._call(command)

    def _compose(self, *arguments: str, files: Sequence[str] = _FILES) -> str:
        named = [word for name in files for word in ("-f", str(_DEPLOY / name))]
        return self._call([*self.compose, "-p", _PROJECT, *named, *arguments])

    def _volumes_of(self, containers: Sequence[str]) -> set[str]:
        """Also those without a name of ours, which an image asks for and nobody mounts."""
        if not containers:
            return set()
        names = "{{range .Mounts}}{{if .Name}}{{.Name}} {{end}}{{end}}"
        return set(self._call([*self.engine, "inspect", "--format", names, *containers]).split())

    def _last_lines(self, container: str) -> str:
        return self._call([*self.engine, "logs", "--tail", "5", container])

    def _listed(self, *arguments: str) -> list[str]:
        return self._call([*self.engine, *arguments, "--filter", _LABEL]).split()

    def _call(self, command: Sequence[str]) -> str:
        """The output; CheckFailedError with the end of it when the command fails or hangs."""
        try:
            done = subprocess.run(  # noqa: S603 our own programs, and the compose command we were given
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise CheckFailedError(f"找不到命令 {command[0]}，请安装 Docker，或用 HUNING_COMPOSE 指定") from None
        except subprocess.TimeoutExpired:
            raise CheckFailedError(f"{_COMMAND_SECONDS:.0f} 秒内没有结束：{shlex.join(command)}") from None
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-_LAST_LINES:])
            raise CheckFailedError(f"{shlex.join(command)}（{done.returncode}）\n{said}")
        return done.stdout


def main() -> int:
    """0 when every step, the last of them the removal, was as it should be."""
    console = Console(highlight=False, soft_wrap=True)
    compose = tuple(shlex.split(os.environ.get("HUNING_COMPOSE") or "docker compose"))
    engine = tuple(shlex.split(os.environ.get("HUNING_ENGINE") or "")) or engine_of(compose)
    with tempfile.TemporaryDirectory(prefix="huning-compose-") as folder:
        check = Check(Path(folder), compose, engine)
        if not _stands(console, "找到 compose 与容器引擎", check.look_for_tools):
            return 1
        well = all(_stands(console, text, step) for text, step in check.steps())
        if not well:
            console.print(check.state(), markup=False)
        return 0 if _stands(console, "down -v 之后无任何残留", check.remove) and well else 1


def engine_of(compose: Sequence[str]) -> tuple[str, ...]:
    """The engine behind a compose command: `docker` of `docker compose`, `…/engine` of `…/compose`."""
    *before, last = compose
    return tuple(before) if last == "compose" else (*before, str(Path(last).with_name("engine")))


def _stands(console: Console, text: str, step: Callable[[], None]) -> bool:
    """Does a step and prints its line; whether it went well."""
    began = time.monotonic()
    try:
        with console.status(f"{text}……"):
            step()
    except (CheckFailedError, ApiError, httpx2.HTTPError) as error:
        console.print(f"✗ {text}：{error}", markup=False)
        return False
    console.print(f"✓ {text}（{time.monotonic() - began:.0f} 秒）", markup=False)
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
