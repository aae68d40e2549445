"""`huning contracts`: writes and checks the generated documents. Services are found by the entry points `huning.services`."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.cli.openapi.merging import merged
from shared.events.asyncapi import asyncapi
from shared.events.catalogue import CATALOGUE
from shared.events.contracts import EXAMPLES, SCHEMAS, breaking_changes, orphans, schema_of
from shared.settings import Settings
from shared.values import problems
from shared.values.problems import Problem

app = typer.Typer(help="事件与接口契约：生成与检查", no_args_is_help=True)
_DOCS = Path(__file__).parents[2] / "docs"
MERGED = _DOCS / "openapi" / "huning.json"
"""The contract of all services; the gateway serves it."""


def documents() -> dict[Path, dict[str, Any]]:
    """Every generated document and where it is committed."""
    found: dict[Path, dict[str, Any]] = {SCHEMAS / f"{name}.json": schema_of(row) for name, row in CATALOGUE.items()}
    found[_DOCS / "asyncapi.json"] = asyncapi()
    with unused_keys() as keys:
        settings = Settings(keys=keys)
        http = {each.name: each.load()(settings).asgi().openapi() for each in _services()}
    found |= {_DOCS / "openapi" / f"{name}.json": document for name, document in http.items()}
    found[MERGED] = merged(http, all_problems(), version("huning"))
    return found


def all_problems() -> list[Problem]:
    """The rows of every table of problems: the shared one and each service's own."""
    packages = (each.module.rpartition(".")[0] for each in _services())
    tables = [problems, *(import_module(f"{package}.problems") for package in packages)]
    return [row for table in tables for row in vars(table).values() if isinstance(row, Problem)]


def _services() -> list[EntryPoint]:
    return sorted(entry_points(group="huning.services"), key=lambda each: each.name)


@contextmanager
def unused_keys() -> Iterator[Path]:
    """A folder with the keys that services read when they are built: a document needs none of them, and has them never."""
    with TemporaryDirectory() as folder:
        keys = Path(folder)
        signing = Ed25519PrivateKey.generate()
        pem = signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key = base64.b64encode(bytes(32))
        names = ("master", "pseudonym", "personal", "session", "uploads")
        for file, content in {"signing/signing.pem": pem, **{f"{name}/{name}.key": key for name in names}}.items():
            (keys / file).parent.mkdir()
            (keys / file).write_bytes(content)
        yield keys


def written(document: dict[str, Any]) -> str:
    """As it stands in the file."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def broken() -> list[str]:
    """Breaking changes against the committed schemas, each as a sentence."""
    return [
        f"{name}: {change}"
        for name, row in CATALOGUE.items()
        if (path := SCHEMAS / f"{name}.json").exists()
        for change in breaking_changes(json.loads(path.read_text()), schema_of(row))
    ]


@app.command()
def generate() -> None:
    """写出 JSON Schema、AsyncAPI 与 OpenAPI 文档；破坏性变更须先增加新版本。"""
    if found := broken():
        typer.echo("以下改动会破坏现有消费方，请新增 .vN 版本而不是修改旧版本：\n" + "\n".join(found), err=True)
        raise typer.Exit(1)
    for path, document in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(document))


@app.command()
def check() -> None:
    """检查已提交的文档与代码一致、没有破坏性变更、没有孤立的类型或样例。"""
    stale = [
        f"{path.name}: 与代码不一致，请运行 make docs"
        for path, document in documents().items()
        if _is_stale(path, document)
    ]
    if found := [*broken(), *orphans(CATALOGUE, SCHEMAS, EXAMPLES), *stale]:
        typer.echo("\n".join(found), err=True)
        raise typer.Exit(1)


def _is_stale(path: Path, document: dict[str, Any]) -> bool:
    return not path.exists() or path.read_text() != written(document)
