"""Lets a test kill a real service process at an exact point: Python imports this at start when it is on PYTHONPATH.

A point is armed by a file `$HUNING_HOME/faults/<point>` whose words must all occur in what passes the point (a consumer
group, an event type). The first to pass takes the file away and kills its own process with SIGKILL. Nothing of this is in
the product.
"""

import functools
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from pathlib import Path

FAULTS = Path(os.environ.get("HUNING_HOME", ".")) / "faults"


def reach(point, what):
    """Dies here if the point is armed for this."""
    file = FAULTS / point
    try:
        if not all(word in what for word in file.read_text().split()):
            return
        file.rename(file.with_name(point + ".taken"))
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def around(owner, name, before=None, after=None, what=lambda args: ""):
    original = getattr(owner, name)

    @functools.wraps(original)
    async def wrapped(*args, **kwargs):
        if before:
            reach(before, what(args))
        result = await original(*args, **kwargs)
        if after:
            reach(after, what(args))
        return result

    setattr(owner, name, wrapped)


def outbox(module):
    """The relay dies right before it publishes an event, or after it published all and before it removes them."""
    begin, take_out = module.Relay.__init__, module.taken_out

    def init(self, collections, publish):
        async def published(event):
            reach("relay-before-publish", event.type.name)
            await publish(event)

        begin(self, collections, published)

    def taken_out(published):
        reach("relay-before-removal", str([each["type"] for each in published]))
        return take_out(published)

    module.Relay.__init__, module.taken_out = init, taken_out


def consuming(module):
    def name(args):
        return f"{args[0].subscription.group} {[each.type.name for each in args[1]]}"

    around(module.Consumer, "_call", before="consumer-before-work", after="consumer-before-commit", what=name)


def wechat(module):
    around(
        module.WeChat, "send", before="wechat-before-send", after="wechat-after-send", what=lambda args: repr(args[1:])
    )


def receipts(module):
    """The worker dies in a chunk, named `<batch id>/<number>`: its records written, its verdicts not yet or just now."""
    around(
        module.Receipts,
        "keep",
        before="sync-before-receipt",
        after="sync-before-progress",
        what=lambda args: f"{args[1]}/{args[2]}",
    )


PATCHES = {
    "shared.aggregates.outbox": outbox,
    "shared.messaging.consuming": consuming,
    "shared.wechat.client": wechat,
    "services.sync.applying.receipts": receipts,
}


class Finder(importlib.abc.MetaPathFinder):
    """Patches a module right after it was executed."""

    def find_spec(self, name, path, target=None):
        if name not in PATCHES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        loader = spec.loader
        execute = loader.exec_module

        def exec_module(module):
            execute(module)
            PATCHES[name](module)

        loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder())
