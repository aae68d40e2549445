"""A clerk at a desk, for the agent's tests."""

import base64
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.sync.agent.cli import main
from services.sync.agent.signing import create_key
from services.sync.agent.tests.platform import Platform


@dataclass
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Clerk:
    """Somebody at a desk with a key, a folder and the command."""

    def __init__(
        self, platform: Platform, desk: Path, environment: pytest.MonkeyPatch, screen: pytest.CaptureFixture[str]
    ) -> None:
        self.platform, self.desk, self._environment, self._screen = platform, desk, environment, screen
        self.settings = {
            "HUNING_AGENT_SERVER": platform.url,
            "HUNING_AGENT_KEY": str(desk / "agent.pem"),
            "HUNING_AGENT_KEY_ID": "suzhou-1",
            "HUNING_AGENT_JURISDICTION": "suzhou",
            "HUNING_AGENT_KIND": "institution",
            "HUNING_AGENT_STATE": str(desk / "state"),
            "HUNING_AGENT_PATIENCE": "20",
            "HUNING_AGENT_CONFIG": str(desk / "none.toml"),
            "COLUMNS": "200",
        }
        public = create_key(desk / "agent.pem")
        platform.keys["suzhou-1"] = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))

    def writes(self, name: str, rows: list[dict[str, Any]]) -> Path:
        path = self.desk / name
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return path

    def runs(self, *words: str | Path, **environment: str) -> Done:
        with self._environment.context() as patch:
            for name, value in {**self.settings, **environment}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["huning-agent", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        said = self._screen.readouterr()
        return Done(int(str(ended.value.code)), said.out, said.err)


def rows(count: int) -> list[dict[str, Any]]:
    return [{"source_id": f"s-{number}", "title": f"机构{number}"} for number in range(count)]
