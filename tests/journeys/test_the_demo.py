"""`make demo` goes all the way, and again."""

import subprocess
import sys

from tests.cities import Receipts
from tests.stack import Stack


def test_the_demo_can_be_walked_twice(stack: Stack, first_receipts: Receipts) -> None:
    for _ in range(2):
        command = [sys.executable, "-m", "deploy.local.demo"]
        done = subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "演示完成" in done.stdout
