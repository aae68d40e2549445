"""A city's own record in the demo: one platform of Nanjing whose summary changes with every walk."""

import hashlib
import json
import time

from deploy.local.api import Api, ApiError

_ID, _TITLE = "demo-platform", "中试验证平台（演示）"
_KIND = {"jurisdiction": "nanjing", "kind": "platform"}


def push(city: Api, tag: str) -> tuple[float, str]:
    """Pushes a changed row, after a first one where there is none yet. Gives when it was committed, and its title."""
    try:
        city.get(f"/sync/records/nanjing/platform/{_ID}")
    except ApiError:
        _batch(city, "开放中试验证能力。")
    return _batch(city, f"开放中试验证能力，新增双极板涂层检测（{tag}）。"), _TITLE


def _batch(city: Api, summary: str) -> float:
    """One row as a batch of its own, applied before this returns; gives the time of its commit."""
    row = {
        "source_id": _ID,
        "title": _TITLE,
        "summary": summary,
        "tense": "present",
        "industry": ["氢能"],
    }
    part = json.dumps(row, ensure_ascii=False).encode() + b"\n"
    order = {**_KIND, "mode": "delta", "dry_run": False, "rows": 1, "sha256": hashlib.sha256(part).hexdigest()}
    batch = city.post("/sync/batches", order)["id"]
    city.put(f"/sync/batches/{batch}/parts/0", part, "application/x-ndjson")
    since = time.time()
    city.post(f"/sync/batches/{batch}/commit")
    while city.get(f"/sync/batches/{batch}")["state"] != "applied":
        time.sleep(0.02)
    return since
