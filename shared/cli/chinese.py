"""What typer says by itself, in Chinese: the help and what is wrong with a command. For `huning` and for `huning-agent`.

Errors are told apart by their class and never by their text. The classes are private to typer, so they are known by name,
and one that nobody knows yet still ends in a Chinese sentence.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

INTERRUPTED = 130
"""What typer ends with after Ctrl-C: 128 and the number of SIGINT."""

_HELP_STRINGS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
}
_OPTIONS, _COMMAND = "[选项]", "命令 [参数]..."
_EXPECTED = {"float_parsing": "一个数字", "int_parsing": "一个整数"}


def run(app: typer.Typer, wrong: int = 2, defaults: Mapping[str, str] | None = None) -> int:
    """The code that the command ends with; `wrong` when it was written wrongly, which stderr then explains.

    `defaults` are values of options, by their parameters' names, that neither the command nor the environment gives.
    """
    in_chinese(app)
    try:
        code = app(standalone_mode=False, default_map={each: defaults or {} for each in _names(app)})
    except typer.TyperException as error:
        typer.echo(explained(error), err=True)
        return wrong
    return code if isinstance(code, int) else 0


def in_chinese(app: typer.Typer) -> None:
    """The app and all below it, with the help in Chinese."""
    for info in (app.info, app.registered_callback, *app.registered_groups):
        if info is not None:
            info.cls, info.options_metavar, info.subcommand_metavar = _Group, _OPTIONS, _COMMAND
    for command in app.registered_commands:
        command.cls, command.options_metavar = _Command, _OPTIONS
    for group in app.registered_groups:
        if group.typer_instance is not None:
            in_chinese(group.typer_instance)


def _names(app: typer.Typer) -> Iterator[str]:
    for command in app.registered_commands:
        if command.name or command.callback:
            yield command.name or getattr(command.callback, "__name__", "").replace("_", "-")


def explained(error: typer.TyperException) -> str:
    """What is wrong with a command, and where to look its use up."""
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":  # the help has just been shown
        return f"请写上要用的命令：{_commands(context)}。"
    fault = _FAULTS.get(kind, _misplaced)(error)
    asked = f"用 {context.command_path} --help" if context else "加上 --help"
    return f"命令写得不对：{fault}。\n请{asked} 查看用法。"


def _misplaced(error: Any) -> str:
    """A plain usage error: a word that is no command, or one argument too many."""
    context = getattr(error, "ctx", None)
    if context is None:
        return "无法理解"
    if isinstance(context.command, TyperGroup):
        return f"没有这样的命令。可用的命令：{_commands(context)}"
    wanted = "、".join(each.name for each in context.command.params if isinstance(each, TyperArgument))
    return f"多写了参数，这里{f'只要 {wanted}' if wanted else '不要参数'}；含有空格的路径请加引号"


def _missing(error: Any) -> str:
    about = f"（{error.param.help}）" if getattr(error.param, "help", None) else ""
    return f"缺少 {_name(error.param).strip()}{about}"


def _unknown_option(error: Any) -> str:
    near = f"，您要写的也许是 {'、'.join(error.possibilities)}" if error.possibilities else ""
    return f"没有 {error.option_name} 这个选项{near}"


def _misused_option(error: Any) -> str:
    return f"选项 {error.option_name} 用得不对：要填内容的选项，后面须写上内容；开关一类的选项，后面不写"


def _bad_value(error: Any) -> str:
    """Its cause, where typer gives one, is what pydantic said about the value."""
    faults = error.__cause__.errors() if hasattr(error.__cause__, "errors") else [{}]
    value = f"“{faults[0]['input']}”" if "input" in faults[0] else "这个值"
    choices = getattr(getattr(error.param, "type_descriptor", None), "choices", None)
    expected = f"以下之一：{'、'.join(map(str, choices))}" if choices else _EXPECTED.get(faults[0].get("type"))
    return f"{_name(error.param)}不能是{value}" + (f"，应当是{expected}" if expected else "")


_FAULTS: dict[str, Callable[[Any], str]] = {
    "MissingParameter": _missing,
    "NoSuchOption": _unknown_option,
    "BadOptionUsage": _misused_option,
    "BadParameter": _bad_value,
}


def _commands(context: Any) -> str:
    return "、".join(context.command.list_commands(context))


def _name(parameter: Any) -> str:
    """As it is written in a command, and the environment variable that it may come from as well."""
    if parameter is None:
        return "参数"
    variable = f"（或环境变量 {parameter.envvar}）" if parameter.envvar else " "
    return f"{'/'.join(parameter.opts)}{variable}"


if TYPE_CHECKING:
    _Above = TyperCommand
else:  # or the group: the ancestor that they have in common is private
    _Above = object


class _InChinese(_Above):
    """What both have to say. The help strings wait until they are needed: their module pulls in much of rich."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示用法"
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from typer import rich_utils

        for name, text in _HELP_STRINGS.items():
            setattr(rich_utils, name, text)
        super().format_help(ctx, formatter)


class _Command(_InChinese, TyperCommand):
    pass


class _Group(_InChinese, TyperGroup):
    pass
