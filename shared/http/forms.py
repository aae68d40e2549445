"""A form with one file (multipart/form-data, RFC 7578), read piece by piece: the file is never in memory as a whole.

The boundary between the parts is another one each time that a browser sends the same form. So what makes two attempts the same
is what the form says, and not the bytes of its body.
"""

import asyncio
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from shared.aggregates.attempts import Attempt
from shared.http.parsing import attempt_of, key_of
from shared.http.reading import Request
from shared.values import problems
from shared.values.problems import Refusal
from shared.values.validation import refusal_of

MEDIA_TYPE = "multipart/form-data"
FILE = "file"
"""The field in which the file comes."""
LONGEST_FIELD = 64 * 1024
_MOST_FIELDS = 20
_SECONDS = 300.0
"""How long a whole form may take: 16 MiB at half a megabit a second."""
_PIECE = 1 << 20


@dataclass(frozen=True)
class Form:
    """What came: the fields that were not left empty, and the file where it was put. `name` is what its sender calls it."""

    fields: Mapping[str, str]
    file: Path
    name: str
    size: int
    sha256: str

    async def attempt(self, request: Request) -> Attempt:
        """The attempt that sending it is."""
        said = json.dumps([sorted(self.fields.items()), self.name, self.sha256], ensure_ascii=False)
        return await attempt_of(request, request.state.caller, key_of(request), said.encode())


async def received(request: Request, file: Path) -> Form:
    """The form, its file written to `file`. Refused where it is none, holds more than one file, or does not come in time."""
    if request.header(b"content-type").split(";")[0].strip().lower() != MEDIA_TYPE:
        raise Refusal(problems.WRONG_CONTENT_TYPE, accepted=MEDIA_TYPE)
    parser = MultiPartParser(
        request.headers,
        request.pieces(_SECONDS),
        max_files=1,
        max_fields=_MOST_FIELDS,
        max_part_size=LONGEST_FIELD,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeError, ValueError) as error:
        raise Refusal(problems.BAD_REQUEST, reason="表单不完整或格式不正确，请重新选择文件后提交。") from error
    try:
        return await _kept(form, file)
    finally:
        await form.close()


async def _kept(form: FormData, file: Path) -> Form:
    sent, fields = None, dict[str, str]()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            sent = value if name == FILE else None
        elif name in fields:
            raise refusal_of([{"type": "repeated", "loc": (name,), "msg": "该项只能出现一次，请只保留一个"}])
        elif "\x00" in value:
            raise Refusal(problems.BAD_REQUEST, reason="表单中含有 NUL 字符，请去掉后重试。")
        else:
            fields[name] = value
    if sent is None:
        raise refusal_of([{"type": "missing", "loc": (FILE,)}])
    size, sha256 = await asyncio.to_thread(_copied, sent, file)
    return Form({name: text for name, text in fields.items() if text.strip()}, file, sent.filename or "", size, sha256)


def _copied(sent: UploadFile, file: Path) -> tuple[int, str]:
    """Its size and digest."""
    with file.open("xb") as copy:
        shutil.copyfileobj(sent.file, copy, _PIECE)
    with file.open("rb") as copy:
        return file.stat().st_size, hashlib.file_digest(copy, "sha256").hexdigest()


def form_body(fields: type[BaseModel], limit: int) -> dict[str, Any]:
    """openapi_extra of a route that receives a form of these fields and a file, of at most `limit` bytes in all."""
    schema = fields.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)  # they are what other routes take, too
    of_file = {"type": "string", "format": "binary"}
    schema["properties"] = {FILE: of_file, **schema["properties"]}
    schema["required"] = [FILE, *schema.get("required", ())]
    content = {MEDIA_TYPE: {"schema": schema}}
    return {"x-raw-body": {"limit": limit, "unread": True}, "requestBody": {"required": True, "content": content}}
