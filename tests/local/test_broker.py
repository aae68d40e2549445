"""The broker's folder, made by Kafka's own tool."""

import uuid
from pathlib import Path

import pytest

from deploy.local.jars import class_path
from deploy.local.kafka import Broker


def test_a_cluster_whose_id_begins_with_a_dash_is_made_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in 64 does."""
    dashed = uuid.UUID(bytes=b"\xfb" + bytes(range(15)))
    monkeypatch.setattr("deploy.local.kafka.uuid.uuid4", lambda: dashed)
    Broker(tmp_path, 1, 2, class_path()).prepare()
    assert "cluster.id=-" in (tmp_path / "log" / "meta.properties").read_text()
