"""The tests of web/ itself (Vitest: parts of pages and their logic), as one test of `make test`."""

import subprocess
import sys


def test_the_tests_of_the_pages_parts_pass() -> None:
    command = [sys.executable, "-m", "deploy.local.web", "run", "test"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
