"""What every refusal must look like: RFC 9457 with our fields, Chinese that says what to do, and nothing of our insides."""

import re

from tests.client import Answer
from tests.sentences import names_in

_FIELDS = {"type", "title", "status", "code", "detail", "instance", "request_id"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_INSIDES = re.compile(
    r"traceback|exception|pydantic|fastapi|starlette|pymongo|mongo|kafka|motor|orjson|errno|127\.0\.0\.1|localhost"
    r'|site-packages|/home/|\.py\b|<class|object at 0x|line \d+, in|"msg"|input_value',
    re.IGNORECASE,
)


def assert_proper(answer: Answer) -> None:
    """AssertionError unless the answer is problem details with everything that clients rely on."""
    assert answer.headers.get("content-type", "").startswith("application/problem+json"), answer
    problem = answer.body
    assert isinstance(problem, dict)
    assert problem.keys() >= _FIELDS, problem
    assert problem["status"] == answer.status
    assert problem["type"] == f"urn:huning:problem:{problem['code']}"
    assert re.fullmatch(r"[a-z0-9_]+", problem["code"])
    for text in (problem["title"], problem["detail"], *(each["message"] for each in problem.get("errors", []))):
        assert _CHINESE.search(text), f"not Chinese: {text!r}"
        assert names_in(text) == [], text
    shown = answer.raw.decode()
    assert not _INSIDES.search(shown), shown
    if answer.status in (429, 503):
        assert int(answer.headers["retry-after"]) > 0


def assert_refused(answer: Answer, status: int, code: str, what: object = "") -> None:
    """Refused with this status and code, properly."""
    assert (answer.status, answer.code) == (status, code), f"{what}: {answer.status} {answer.body}"
    assert_proper(answer)
