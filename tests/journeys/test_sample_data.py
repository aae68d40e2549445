"""What `make up` loads, it loads once."""

from pathlib import Path

from deploy.local.sample_data import Run, push_institutions
from tests.cities import Receipts
from tests.stack import Stack


def test_the_sample_data_is_never_pushed_again_over_what_people_have_changed(
    stack: Stack, first_receipts: Receipts
) -> None:
    run = _runner(stack)
    assert push_institutions(stack.place, run) == 306
    assert push_institutions(stack.place, run) == 0


def test_where_the_platform_has_lost_a_batch_its_file_is_pushed_anew(stack: Stack, first_receipts: Receipts) -> None:
    run = _runner(stack)
    push_institutions(stack.place, run)
    lost = stack.place.data / "agents" / "nanjing.receipt.json"
    lost.write_text(lost.read_text().replace('"id": "', '"id": "0', 1))
    assert push_institutions(stack.place, run) == 80


def _runner(stack: Stack) -> Run:
    return lambda command: stack.run(Path(command[0]).name, *command[1:])
