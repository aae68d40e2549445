"""Every operation of every service's OpenAPI document, fuzzed through the gateway: no error of ours, no undocumented answer.

Cases are made by schemathesis from the document, half of them wrong on purpose; where a path names something, every other
case names a thing that exists.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.access.rules import Rule
from shared.access.table import RULES
from shared.http.documenting import WITHOUT_KEY
from shared.runtime.service import Service
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api
from tests.scale import SEED, scaled
from tests.security.private_things import mark, of_city, of_company
from tests.security.requests import parameters

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
schemathesis.serializer.alias("application/x-ndjson", "application/octet-stream")
ENDS_SESSIONS = "accounts.log-out-everywhere"
_MEANT = {"org_admin": "company-suzhou", "city_operator": "operator-suzhou", "alliance_operator": "operator-alliance"}


@pytest.fixture(scope="module")
def documents(services: dict[str, Service]) -> dict[str, Any]:
    """The document of each service, as it serves it."""
    return {name: service.asgi().openapi() for name, service in services.items()}


@pytest.fixture(scope="module")
def existing(api: Api) -> dict[str, str]:
    """Path parameter → the id of something that Suzhou's accounts have."""
    word = mark()
    things = [*of_company(api, Jurisdiction.SUZHOU, word), *of_city(api, Jurisdiction.SUZHOU, word)]
    challenge_id = api.publish(f"试 {word}", "suzhou")
    claimed = api.claim(api.publish(f"揭 {word}", "nanjing"), "company-suzhou")
    ids = {thing.parameter: thing.id for thing in things}
    return {**ids, "challenge_id": challenge_id, "claim_id": claimed["id"], "item_id": challenge_id, "number": "0"}


def account_for(rule: Rule) -> str | None:
    """Somebody whom the door lets in; None: a visitor."""
    if "visitor" in rule.allow or "wechat" in rule.allow:
        return None
    if rule.action == ENDS_SESSIONS:
        return "leaver"  # nobody else's token may end in the middle of a test
    return next((account for role, account in _MEANT.items() if role in rule.allow), "member-3")


def cases(operation: Any) -> Iterator[Any]:
    """Strategies: cases as the document has them, and cases that break it where it can be broken."""
    yield operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if operation.body or operation.query or operation.headers:
        yield operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def path_of(document: dict[str, dict[str, Any]], action: str) -> str:
    """Where the document has the operation of this row."""
    return next(
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if operation.get("operationId") == action
    )


def fuzz(
    api: Api, document: dict[str, Any], rule: Rule, existing: dict[str, str], examples: int, from_seed: int = 0
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    operation = schema[path_of(document, rule.action)][rule.method]
    account = account_for(rule)
    headers = {"authorization": f"Bearer {api.as_(account).token}"} if account else {}
    if not (operation.path_parameters or operation.query or operation.headers or operation.body):
        examples = 1  # there is nothing to vary
    for strategy in cases(operation):

        @seed(from_seed)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy, real=st.booleans())
        def holds(case: Case[Any], real: bool) -> None:
            if real:
                case.path_parameters.update({name: existing[name] for name in parameters(rule) if name in existing})
            response = case.call(base_url=api.base_url, headers=headers)
            case.validate_response(response, checks=CHECKS, headers=headers)

        holds()
    if account and rule.action == ENDS_SESSIONS:
        api.forget(account)


@pytest.mark.parametrize("action", RULES)
def test_no_error_of_ours_and_no_undocumented_answer(
    api: Api, documents: dict[str, Any], existing: dict[str, str], action: str
) -> None:
    fuzz(api, documents[RULES[action].service], RULES[action], existing, examples=4)


@pytest.mark.slow
@pytest.mark.parametrize("action", RULES)
def test_no_error_of_ours_and_no_undocumented_answer_in_many_cases(
    api: Api, documents: dict[str, Any], existing: dict[str, str], action: str
) -> None:
    fuzz(api, documents[RULES[action].service], RULES[action], existing, examples=scaled(100), from_seed=SEED)


def test_every_row_of_the_table_is_an_operation_of_a_document(documents: dict[str, Any]) -> None:
    """With the headers that it takes: a client generated from the document can use all of it."""
    operations = {
        operation["operationId"]: operation
        for document in documents.values()
        for path, methods in document["paths"].items()
        if path.startswith("/api/v1/")
        for operation in methods.values()
    }
    assert operations.keys() == RULES.keys()
    for action, operation in operations.items():
        names = {each["name"] for each in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (RULES[action].method != "GET" and action not in WITHOUT_KEY)
