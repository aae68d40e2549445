"""What the OpenAPI document says of every route beside its own parameters: headers, credentials and problems.

They are read by the edge (http.py) and not by FastAPI, which therefore does not know of them.
"""

from typing import Any

from fastapi import FastAPI

from shared.access.rules import Rule
from shared.http.answers import ProblemBody

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT_KEY = {
    "accounts.log-in",
    "accounts.refresh",
    "accounts.act-as",
    "accounts.log-out",
    "accounts.ask-device-login",
    "accounts.collect-device-login",
    "accounts.enrol-device-login",
    "notifications.take-wechat-event",
}
"""Writes that need no Idempotency-Key: a token or a code of their own makes them safe to repeat."""

_HEADERS = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "a repeat under the same key has no second effect",
        "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[ -~]+$"},
    },
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "the version that the caller saw; 412 when it has moved on",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
    },
]
_OF_OUR_PAGES = [
    {
        "name": "X-Requested-With",
        "in": "header",
        "required": False,
        "description": "needed where the refresh token is the browser's cookie: no form of another site can send it",
        "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[ -~]+$"},
    }
]
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "HTTP Message Signatures (RFC 9421), Ed25519, over @method @path @query content-digest",
    },
}


def wants_key(rule: Rule) -> bool:
    """Whether the route takes an Idempotency-Key."""
    return rule.method in WRITES and rule.action not in WITHOUT_KEY


def extra_of(rule: Rule) -> dict[str, Any]:
    """openapi_extra of a row: its headers and who may call."""
    security: list[dict[str, list[str]]] = [{}] if {"visitor", "wechat"} & set(rule.allow) else []
    if set(rule.allow) - {"wechat"}:
        security.append({"token": []})
    if "agent" in rule.allow:
        security.append({"signature": []})
    parameters = [*(_HEADERS if wants_key(rule) else ()), *(_OF_OUR_PAGES if rule.takes_cookie else ())]
    return {"security": security, **({"parameters": parameters} if parameters else {})}


def document_common_parts(app: FastAPI) -> None:
    """Puts the shape of problem details and the kinds of credentials into the document, where every route refers to them."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
        nested = schema.pop("$defs")
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update({"ProblemBody": schema, **nested})
        components["securitySchemes"] = _SCHEMES
        return document

    app.openapi = openapi  # type: ignore[method-assign]
