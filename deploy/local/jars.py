"""Kafka's jars: exactly those of `kafka/jgo.lock.toml`, each checked against its sha256 before every start.

They live in Maven's own cache (`$M2_REPO`, by default `~/.m2/repository`), so that all clones share one download.
`jgo lock` in `deploy/local/kafka/` writes the lock anew after a change of `jgo.toml`.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.constants import default_maven_repo
from jgo.env import LockedDependency, LockFile
from jgo.maven import MavenContext

_LOCK = Path(__file__).parent / "kafka" / "jgo.lock.toml"
_DOWNLOADS_AT_ONCE = 8


class JarMismatchError(Exception):
    """A downloaded jar is not the one that the lock names."""


def class_path(progress: Callable[[int, int], None] = lambda done, total: None) -> str:
    """The class path of Kafka's jars, complete and verified.

    `progress(done, total)` hears of every jar. Raises JarMismatchError, or an OSError when a download fails.
    """
    locked = LockFile.load(_LOCK).dependencies
    jars: list[str] = []
    with ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
        for jar in pool.map(_verified, locked):
            jars.append(str(jar))
            progress(len(jars), len(locked))
    return os.pathsep.join(jars)


def _verified(locked: LockedDependency) -> Path:
    """The jar in the repository. One that is missing or damaged is downloaded beside it and put in place whole."""
    coordinates = f"{locked.groupId.replace('.', '/')}/{locked.artifactId}/{locked.version}"
    kept: Path = default_maven_repo() / coordinates / f"{locked.artifactId}-{locked.version}.jar"
    if kept.exists() and _sha256(kept) == locked.sha256:
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        fresh = _download(locked, Path(folder))
        if _sha256(fresh) != locked.sha256:
            raise JarMismatchError(f"{kept.name} 的 sha256 与 jgo.lock.toml 不符，已拒绝使用")
        fresh.replace(kept)
    return kept


def _download(locked: LockedDependency, folder: Path) -> Path:
    project = MavenContext(repo_cache=folder, timeout=60).project(locked.groupId, locked.artifactId)
    return project.at_version(locked.version).artifact().resolve()


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
