"""A form with a file: on the disk piece by piece, within its bounds, and the same attempt whatever parts it from the next."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.http.door import Door, create_app
from shared.http.forms import form_body, received
from shared.http.reading import Request
from shared.http.routes import Router
from shared.settings import Settings
from shared.values.jurisdictions import Jurisdiction

LIMIT = 4096
OPERATOR = Caller(user_id="o", grants=frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))


class Fields(BaseModel):
    kind: str


def door(limit: int = LIMIT, **settings: Any) -> Door:
    router = Router()

    @router.action("sync.upload", openapi_extra=form_body(Fields, limit))
    async def upload(request: Request) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            form = await received(request, Path(folder) / "sent")
            attempt = await form.attempt(request)
            return {"fields": form.fields, "name": form.name, "size": form.size, "digest": attempt.digest}

    async def authenticate(_: Any) -> Caller:
        return OPERATOR

    app = create_app("sync", Settings(**settings), authenticate)
    app.include_router(router)
    return app


async def sent(app: Door | None = None, **content: Any) -> httpx2.Response:
    transport = httpx2.ASGITransport(app or door())
    headers = {"idempotency-key": "k", **content.pop("headers", {})}
    async with httpx2.AsyncClient(transport=transport, base_url="http://service/api/v1/sync/") as http:
        return await http.post("uploads", headers=headers, **content)


async def form(**changed: Any) -> httpx2.Response:
    return await sent(data={"kind": "platform", "empty": ""}, files={"file": ("清单.csv", b"a,b\n")} | changed)


async def test_the_fields_and_the_file_arrive_and_a_field_that_was_left_empty_is_none() -> None:
    answer = (await form()).json()
    assert answer | {"digest": ""} == {"fields": {"kind": "platform"}, "name": "清单.csv", "size": 4, "digest": ""}


async def test_the_same_form_is_the_same_attempt_and_another_file_or_name_or_field_is_another() -> None:
    """The boundary is another one each time."""
    first, again = (await form()).json()["digest"], (await form()).json()["digest"]
    assert first == again
    others = [
        await form(file=("清单.csv", b"a,c\n")),
        await form(file=("表.csv", b"a,b\n")),
        await sent(data={"kind": "event"}, files={"file": ("清单.csv", b"a,b\n")}),
    ]
    assert len({first, *(each.json()["digest"] for each in others)}) == 4


@pytest.mark.parametrize("declared", [True, False])
async def test_what_is_larger_than_the_route_takes_is_refused(declared: bool) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(LIMIT) + b"\r\n--x--\r\n"

    async def pieces() -> Any:
        yield body

    content = body if declared else pieces()
    answer = await sent(content=content, headers={"content-type": "multipart/form-data; boundary=x"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"files": {"other": ("a.csv", b"x")}}, 422, "invalid"),
        ({"data": {"kind": "x"}, "headers": {"content-type": "application/json"}}, 415, "wrong_content_type"),
        ({"files": [("file", ("a", b"x")), ("file", ("b", b"y"))]}, 400, "bad_request"),
        ({"files": {"file": ("a", b"x")}, "data": {"kind": ["a", "b"]}}, 422, "invalid"),
        ({"files": {"file": ("a", b"x")}, "data": {"kind": "\x00"}}, 400, "bad_request"),
        (
            {"content": b"--x\r\nnonsense", "headers": {"content-type": "multipart/form-data; boundary=x"}},
            422,
            "invalid",
        ),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "bad_request"),
        (
            {
                "content": b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
                "headers": {"content-type": "multipart/form-data; boundary=x"},
            },
            422,
            "invalid",
        ),
    ],
    ids=["no file", "no form", "two files", "a field twice", "a NUL", "no parts", "no boundary", "broken off"],
)
async def test_what_is_no_form_with_one_file_is_refused(changed: dict[str, Any], status: int, code: str) -> None:
    answer = await sent(**changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_form_that_does_not_come_is_not_waited_for() -> None:
    async def stalling() -> Any:
        yield b"--x\r\n"
        await asyncio.Event().wait()

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await sent(door(body_timeout_seconds=0.05), content=stalling(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (408, "slow_body")


def test_a_route_that_reads_its_own_body_takes_no_signatures() -> None:
    """Their digest is compared with the body that the door has read."""
    with pytest.raises(TypeError, match="signatures"):

        @Router().action("sync.open-batch", openapi_extra=form_body(Fields, LIMIT))
        async def upload(request: Request) -> None:
            pass
