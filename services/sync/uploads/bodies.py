"""What the form of an upload says beside its file."""

import re
from typing import Annotated

from pydantic import Field, ValidationError

from services.sync.intake.batch import Mode
from services.sync.intake.bodies import Written
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.http.forms import LONGEST_FIELD, Form
from shared.values.jurisdictions import Jurisdiction
from shared.values.readable import line
from shared.values.validation import refusal_of

_LONGEST_NAME = 60
"""Characters of a file's name that are kept, its end: at four bytes each a folder takes no more than 255."""
_FOLDERS = re.compile(r"[/\\]")


class NewUpload(Written):
    """How the file is to be taken, as `huning-agent push` is told; `mapping` is YAML."""

    jurisdiction: Jurisdiction
    kind: Kind
    mode: Mode
    dry_run: bool = False
    coordinates: CoordinateSystem | None = None
    encoding: Annotated[str, Field(max_length=20)] | None = None
    mapping: Annotated[str, Field(max_length=LONGEST_FIELD)] | None = None


def upload_of(form: Form) -> NewUpload:
    """What the form says; 422 with everything that is wrong with it."""
    try:
        return NewUpload.model_validate_strings(dict(form.fields))
    except ValidationError as error:
        raise refusal_of(error.errors()) from error


def file_name(said: str) -> str:
    """What the sender calls the file, as a name that is seen and leads nowhere."""
    name = line(_FOLDERS.split(said)[-1])[-_LONGEST_NAME:].strip()
    return name if name.strip(".") else "file"
