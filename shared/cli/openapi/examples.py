"""An example of every body, composed from its schema and a table of values by field name; examples by hand go first."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.values.problems import Problem

Schema = Mapping[str, Any]
Schemas = Mapping[str, Schema]

_ID, _TIME, _DIGEST = "0199c0de-7e4d-7a51-9b1f-6d2a1c3e5f70", "2026-11-29T08:30:00.000Z", "9f" * 32
_CODE = "91320500MA1XX00X0X"
_BY_NAME: dict[str, Any] = {
    "access_token": "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl",
    "address": "苏州市工业园区星湖街 328 号",
    "coordinates": [120.7302, 31.2598],
    "body": "“双极板涂层寿命提升”的揭榜截止时间是 2027-01-31。",
    "code": "071aBc2dEf",
    "count": 12,
    "credit_code": _CODE,
    "detail": "请按提示修改后重新提交。",
    "expires_in": 900,
    "instance": "/api/v1/challenges",
    "industry": "氢能",
    "jurisdiction": "suzhou",
    "latitude": 31.2598,
    "longitude": 120.7302,
    "name": "苏州氢能材料研究院",
    "nickname": "小王",
    "phone": "051287654321",
    "phone_masked": "0512****4321",
    "portal_url": "https://example.org/policies/123",
    "public_key": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
    "pushed_by": "苏州市数据平台",
    "q": "氢能",
    "reason": "材料不全，请补充营业执照",
    "refresh_token": "r-3fJ0mS1kQ2",
    "request_id": "7f1c0b9e2d5a4c61",
    "reward_fen": 300000000,
    "sha256": _DIGEST,
    "scan": "https://huning.example/scan?code=BCDF-GHJK",
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "source_id": "SZ-000123",
    "summary": "面向车用工况的双极板涂层技术",
    "totp": "492039",
    "user_code": "BCDF-GHJK",
    "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS0",
    "browser": "Windows · Chrome",
    "address_masked": "203.0.113.*",
    "title": "氢燃料电池双极板涂层寿命提升",
    "url": "/challenges/" + _ID,
}
_NULL = {
    "cursor",
    "next_cursor",
    "quiet_hours",
    "duty",
    "employer_credit_code",
    "reason",
    "reason_code",
    "read_at",
    "race",
}
"""Fields that are null most of the time, where their schema admits it."""
_BY_ENDING = {"_id": _ID, "_at": _TIME, "sha256": _DIGEST, "_code": _CODE, "id": _ID}
_BY_FORMAT = {"date-time": _TIME, "date": "2027-01-31", "uuid": _ID, "uri": "https://example.org/", "binary": "…"}
_DEEPEST = 12


def add(operation: dict[str, Any], schemas: Schemas, problems: Sequence[Problem]) -> None:
    """Gives an example to the request's body and to every answer that has a body in JSON."""
    for media in _json_of(operation.get("requestBody", {})):
        for written in media.get("examples", {}).values():
            written["value"] = _with_nulls(written["value"], media["schema"], schemas)
        if "examples" not in media and "example" not in media:
            media["example"] = of(media["schema"], schemas)
    for status, response in operation["responses"].items():
        for media in _json_of(response):
            media["example"] = _problem(int(status), problems) if status >= "4" else of(media["schema"], schemas)


def complete(schemas: dict[str, dict[str, Any]]) -> None:
    """Puts nulls back into the examples that stand in schemas."""
    for schema in schemas.values():
        if "examples" in schema:
            schema["examples"] = [_with_nulls(each, schema, schemas) for each in schema["examples"]]


def of(schema: Schema, schemas: Schemas, name: str = "", depth: int = 0) -> Any:
    """A value that the schema admits."""
    schema = _resolved(schema, schemas)
    for key in ("const", "example", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if known := schema.get("enum") or schema.get("x-extensible-enum"):
        return _BY_NAME[name] if _BY_NAME.get(name) in known else known[0]
    if schema.get("examples"):
        return _with_nulls(schema["examples"][0], schema, schemas)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        if name in _NULL and {"type": "null"} in choices:
            return None
        return of(next(each for each in choices if each.get("type") != "null"), schemas, name, depth)
    return _by_type(schema, schemas, name, depth)


def _by_type(schema: Schema, schemas: Schemas, name: str, depth: int) -> Any:
    match schema.get("type"):
        case "object" | None if "properties" in schema:
            return {
                each: of(inner, schemas, each, depth + 1)
                for each, inner in schema["properties"].items()
                if each in schema.get("required", ()) or depth < _DEEPEST
            }
        case "object":
            inner = schema.get("additionalProperties")
            return {"示例": of(inner, schemas, name, depth + 1)} if schema.get("minProperties") and inner else {}
        case "array":
            return _array(schema, schemas, name, depth)
        case "integer" | "number":
            return _number(schema, name)
        case "boolean":
            return False
        case "null":
            return None
        case "string":
            return _text(schema, name)
        case _:
            return _BY_NAME.get(name, {})


def _array(schema: Schema, schemas: Schemas, name: str, depth: int) -> list[Any]:
    if "prefixItems" in schema:
        given = _BY_NAME.get(name)
        return (
            given if isinstance(given, list) else [of(each, schemas, name, depth + 1) for each in schema["prefixItems"]]
        )
    if depth >= _DEEPEST or schema.get("maxItems") == 0:
        return []
    return [of(schema.get("items", {}), schemas, name, depth + 1)] * max(1, schema.get("minItems", 1))


def _number(schema: Schema, name: str) -> Any:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    wanted = _BY_NAME.get(name, 1)
    fits = isinstance(wanted, int | float) and least <= wanted <= schema.get("maximum", wanted)
    return wanted if fits else schema.get("minimum", least + 1)


def _text(schema: Schema, name: str) -> str:
    if "format" in schema:
        return _BY_FORMAT[schema["format"]]
    given = _BY_NAME.get(name) or next((value for end, value in _BY_ENDING.items() if name.endswith(end)), "示例")
    text = given if isinstance(given, str) else "示例"
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), "0")


def _with_nulls(value: Any, schema: Schema, schemas: Schemas) -> Any:
    """The example with the nulls that its schema requires: FastAPI leaves every null out of a document."""
    schema = _resolved(schema, schemas)
    if isinstance(value, list):
        return [_with_nulls(each, schema.get("items", {}), schemas) for each in value]
    if not isinstance(value, dict):
        return value
    fitting = [schema, *(_resolved(each, schemas) for each in schema.get("anyOf", ()))]
    schema = next((each for each in fitting if "properties" in each), {})
    properties = schema.get("properties", {})
    whole = {**dict.fromkeys(schema.get("required", ())), **value}
    return {name: _with_nulls(each, properties.get(name, {}), schemas) for name, each in whole.items()}


def _problem(status: int, problems: Sequence[Problem]) -> dict[str, Any]:
    problem = next(each for each in problems if each.status == status)
    return {
        "type": problem.type,
        "title": problem.title,
        "status": status,
        "code": problem.code,
        "detail": problem.detail,
        "instance": "/api/v1/challenges",
        "request_id": _BY_NAME["request_id"],
    }


def _json_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [media for kind, media in body.get("content", {}).items() if kind.endswith("json") and "schema" in media]


def _resolved(schema: Schema, schemas: Schemas) -> Schema:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    return schema
