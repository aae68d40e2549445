"""How far it is: bars on a terminal, silence elsewhere."""

from contextlib import ExitStack

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.sync.agent.options import notes
from services.sync.agent.pull import Shown as Counted
from services.sync.agent.push import Shown


def bar(stack: ExitStack) -> Shown:
    """A progress bar for each thing that is done."""
    if not notes.is_terminal:
        return lambda _what, _done, _total: None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = stack.enter_context(Progress(*columns, console=notes))
    tasks: dict[str, TaskID] = {}

    def shown(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = progress.add_task(what, total=total)
        progress.update(tasks[what], completed=done)

    return shown


def counter(stack: ExitStack) -> Counted:
    """A running count."""
    if not notes.is_terminal:
        return lambda _taken: None
    progress = stack.enter_context(Progress(TextColumn("已取回 {task.completed} 条变更"), console=notes))
    task = progress.add_task("", total=None)
    return lambda taken: progress.update(task, completed=taken)
