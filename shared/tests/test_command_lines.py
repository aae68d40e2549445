"""What typer says by itself is Chinese, wherever it says it."""

from enum import StrEnum
from typing import Annotated

import pytest
import typer

from shared.cli.chinese import explained, run


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def paint(
    where: Annotated[str, typer.Argument(help="画在哪里")],
    colour: Annotated[Colour, typer.Option(help="颜色", envvar="PAINT_COLOUR")] = Colour.RED,
    times: Annotated[int, typer.Option(help="次数")] = 1,
    dry: Annotated[bool, typer.Option("--dry", help="不画")] = False,
) -> None:
    """画上颜色。"""
    raise typer.Exit(7)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """`tool paint` and `tool wall strip`."""
    monkeypatch.setattr("sys.argv", ["tool"])
    monkeypatch.setattr("__main__.__package__", None)  # under `python -m pytest` it would name pytest instead
    tool = typer.Typer(name="tool", help="画具", no_args_is_help=True, add_completion=False)
    tool.callback()(lambda: None)
    tool.command("paint")(paint)
    wall = typer.Typer(name="wall", help="墙", no_args_is_help=True)
    wall.callback()(lambda: None)
    wall.command("strip")(lambda: None)
    tool.add_typer(wall)
    return tool


def ended(app: typer.Typer, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["tool", *words])
    return run(app, wrong=3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draw"], "没有这样的命令。可用的命令：paint、wall。\n请用 tool --help 查看用法。"),
        (["wall", "draw"], "没有这样的命令。可用的命令：strip。\n请用 tool wall --help 查看用法。"),
        (["wall", "strip", "x"], "多写了参数，这里不要参数；"),
        (["paint"], "缺少 where（画在哪里）。\n请用 tool paint --help 查看用法。"),
        (["paint", "a", "b"], "多写了参数，这里只要 where；"),
        (["paint", "a", "--colour", "x"], "--colour（或环境变量 PAINT_COLOUR）不能是“x”，应当是以下之一：red、blue。"),
        (["paint", "a", "--times", "x"], "--times 不能是“x”，应当是一个整数。"),
        (["paint", "a", "--time", "1"], "没有 --time 这个选项，您要写的也许是 --times。"),
        (["paint", "a", "-x"], "没有 -x 这个选项。"),
        (["paint", "a", "--times"], "选项 --times 用得不对：要填内容的选项，后面须写上内容"),
        (["paint", "a", "--dry=1"], "选项 --dry 用得不对："),
    ],
)
def test_what_is_wrong_with_a_command_is_told_on_stderr_with_its_own_exit_code(
    app: typer.Typer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    assert ended(app, monkeypatch, *words) == 3
    screen = capsys.readouterr()
    assert screen.err.startswith(f"命令写得不对：{said}")
    assert screen.out == ""


@pytest.mark.parametrize("words", [["--help"], ["paint", "--help"], ["wall", "--help"]])
def test_the_help_has_no_english_word_of_typers(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert ended(app, monkeypatch, *words) == 0
    shown = capsys.readouterr().out
    assert "用法：tool" in shown
    assert "显示用法" in shown
    for english in (
        "Usage",
        "OPTIONS",
        "COMMAND",
        "ARGS",
        "Options",
        "Arguments",
        "Show",
        "required",
        "default",
        "env",
    ):
        assert english not in shown


def test_a_command_alone_shows_its_help_and_what_may_follow(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(app, monkeypatch) == 3
    screen = capsys.readouterr()
    assert "用法：tool" in screen.out
    assert screen.err == "请写上要用的命令：paint、wall。\n"


def test_a_command_that_went_well_ends_as_it_says(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(app, monkeypatch, "paint", "a") == 7
    assert ended(app, monkeypatch, "wall", "strip") == 0


@pytest.mark.parametrize("error", [typer.BadParameter("no good"), typer.TyperException("something new")])
def test_an_error_that_nobody_knows_is_explained_in_chinese_all_the_same(error: typer.TyperException) -> None:
    said = explained(error)
    assert said.startswith("命令写得不对：")
    assert error.message not in said
