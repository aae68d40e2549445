"""What an installation gets: all that the product runs, and none of its tests."""

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_the_code_and_no_tests() -> None:
    held = {Path(each.distribution_path) for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert [path for path in held if "tests" in path.parts] == []
    code = {path.relative_to(ROOT) for top in ("services", "shared", "deploy") for path in (ROOT / top).rglob("*.py")}
    assert {path for path in code if "tests" not in path.parts} == {path for path in held if path.suffix == ".py"}
