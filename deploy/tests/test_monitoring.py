"""Scrape targets, alerts, dashboard and runbook speak of the same processes, metrics and alerts."""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from deploy.local.topology import SERVICES

_DEPLOY = Path(__file__).parents[1]
_PROMETHEUS = _DEPLOY / "monitoring" / "prometheus"
_RULES: list[dict[str, Any]] = yaml.safe_load((_PROMETHEUS / "alerts.yaml").read_text())["groups"][0]["rules"]
_DASHBOARD: dict[str, Any] = json.loads((_DEPLOY / "monitoring" / "grafana" / "dashboards" / "huning.json").read_text())
_RUNBOOK = (_DEPLOY.parent / "docs" / "operations.md").read_text()
_QUERIES = {
    **{rule["alert"]: rule["expr"] for rule in _RULES},
    **{panel["title"]: " ".join(each["expr"] for each in panel["targets"]) for panel in _DASHBOARD["panels"]},
}


def _metrics() -> set[str]:
    """The names under which our processes show what they measure."""
    for module in ("shared.telemetry", "services.notifications.sending.metrics"):
        importlib.import_module(module)
    ours = {
        f"{family.name}{suffix}"
        for family in REGISTRY.collect()
        if family.name.startswith("huning_")
        for suffix in _SUFFIXES[family.type]
    }
    return {*ours, "process_resident_memory_bytes", "process_cpu_seconds_total"}


_SUFFIXES = {"gauge": ("",), "counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}


@pytest.mark.parametrize("name", _QUERIES)
def test_a_query_asks_for_metrics_that_our_processes_have(name: str) -> None:
    asked = set(re.findall(r"\b(?:huning|process)_[a-z_]+\b", re.sub(r'"[^"]*"', "", _QUERIES[name])))
    assert asked <= _metrics()


def test_every_process_is_looked_at() -> None:
    (job,) = yaml.safe_load((_PROMETHEUS / "prometheus.yaml").read_text())["scrape_configs"]
    assert job["static_configs"][0]["targets"] == [f"{service.name}:8000" for service in SERVICES]


@pytest.mark.parametrize("alert", [rule["alert"] for rule in _RULES])
def test_the_runbook_says_what_an_alert_means(alert: str) -> None:
    assert re.search(rf"^\| `{alert}` \|", _RUNBOOK, re.MULTILINE)


def test_every_alert_is_tried_both_ways() -> None:
    tests = yaml.safe_load((_PROMETHEUS / "alerts.test.yaml").read_text())["tests"]
    tried = [(each["alertname"], bool(each["exp_alerts"])) for test in tests for each in test["alert_rule_test"]]
    assert set(tried) == {(rule["alert"], rings) for rule in _RULES for rings in (True, False)}


def test_the_dashboard_has_a_title_and_panels_that_do_not_overlap() -> None:
    assert _DASHBOARD["title"]
    cells = [
        (x, y)
        for panel in _DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells)) > 0
    assert max(x for x, _ in cells) < 24
