"""A read model is rebuilt because a person asked for it: over HTTP (routes.py) or at the console (owner_cli.py)."""

from shared.aggregates.attempts import Attempt
from shared.http.recording import Recorder
from shared.projections.read_models import ReadModelView, Rebuildable


async def rebuild(
    service: str, read_model: Rebuildable, name: str, attempt: Attempt, recorder: Recorder, *, force: bool
) -> tuple[ReadModelView, bool]:
    """The read model as it is now, and whether the attempt had been made before.

    With `force` the new generation takes over whatever it holds, and the audit trail keeps who decided so.
    """
    if not force:
        return await read_model.rebuild(attempt)
    subject = f"ops/{service}/read-models/{name}"
    begun = await recorder.begin(f"force/{attempt.mark}", attempt.caller, f"{service}.force-read-model", subject)
    done = await read_model.rebuild(attempt, force=True)
    await recorder.end(begun, "done")
    return done
