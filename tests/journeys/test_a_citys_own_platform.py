"""The push that docs/city-platform.md shows, run as an engineer of a city would."""

import json
import subprocess
import sys
from pathlib import Path

from tests.client import Api
from tests.contracts.test_city_platform_pages import PAGES, script
from tests.stack import Stack


def test_the_push_of_the_page_works_as_it_stands(stack: Stack, api: Api, tmp_path: Path) -> None:
    (tmp_path / "push.py").write_text(script(PAGES[0]), encoding="utf-8")
    public = stack.run("huning-agent", "keygen", str(tmp_path / "zhenjiang.pem")).split()[-1]
    body = {"jurisdiction": "zhenjiang", "name": "own platform", "public_key": public}
    key_id = api.as_("operator-zhenjiang").post("sync/agents", json=body).expect(201)["key_id"]
    rows = [{"source_id": f"own-{number}", "title": f"自建平台{number}"} for number in range(1_200)]
    rows.append({"source_id": "own-bad"})
    (tmp_path / "rows.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = ["push.py", stack.base_url, "zhenjiang", "talent", "zhenjiang.pem", key_id, "rows.ndjson"]
    done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "applied" in done.stdout
    assert "'added': 1200" in done.stdout
    assert "1201 title 标题必填" in done.stdout
    again = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "'unchanged': 1200" in again.stdout
