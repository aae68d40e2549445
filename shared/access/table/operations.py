"""The routes that every service answers to operators about itself."""

from shared.access.rules import Rule, rule
from shared.access.table.groups import ALLIANCE_ONLY, CHAIN_VERIFIERS, CITY_AND_ALLIANCE, LOGGED_IN, TRAIL_READERS


def operator_rules(service: str) -> list[Rule]:
    """What every service answers to operators about itself."""
    ops = f"ops/{service}"
    return [
        rule(f"{service}.show-todo", f"GET {service}/todo", LOGGED_IN),
        rule(f"{service}.list-dead-letters", f"GET {ops}/dead-letters", CITY_AND_ALLIANCE),
        rule(
            f"{service}.replay-dead-letter",
            f"POST {ops}/dead-letters/{{letter_id}}/replay",
            ALLIANCE_ONLY,
            recorded=True,
        ),
        rule(f"{service}.replay-dead-letters", f"POST {ops}/dead-letters/replay", ALLIANCE_ONLY, recorded=True),
        rule(
            f"{service}.unmask-dead-letter",
            f"POST {ops}/dead-letters/{{letter_id}}/unmask",
            CITY_AND_ALLIANCE,
            f"{service}.unmask-dead-letter",
        ),
        rule(
            f"{service}.discard-dead-letter",
            f"POST {ops}/dead-letters/{{letter_id}}/discard",
            ALLIANCE_ONLY,
            recorded=True,
        ),
        rule(f"{service}.list-audit", f"GET {ops}/audit", TRAIL_READERS),
        rule(f"{service}.verify-audit", f"GET {ops}/audit/verify", CHAIN_VERIFIERS),
        rule(f"{service}.show-lag", f"GET {ops}/lag", ALLIANCE_ONLY),
        rule(f"{service}.list-read-models", f"GET {ops}/read-models", ALLIANCE_ONLY),
        rule(f"{service}.rebuild-read-model", f"POST {ops}/read-models/{{name}}/rebuild", ALLIANCE_ONLY, recorded=True),
    ]
