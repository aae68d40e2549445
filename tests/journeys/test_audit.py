"""Who did what can be read afterwards, by those who may, and nobody can change it unseen."""

from tests.client import Api, until
from tests.stack import Stack


def test_a_challenges_way_to_publication_is_in_the_audit_trail_with_those_who_took_it(api: Api) -> None:
    challenge_id = api.publish("审计留痕检验", "wuxi")
    auditor = api.as_("auditor")

    def recorded() -> dict[str, str] | None:
        found = auditor.get("ops/challenges/audit", params={"subject": challenge_id}).expect(200)["items"]
        by_action = {each["action"]: each["actor"] for each in found}
        return by_action if "challenges.publish" in by_action else None

    company, operator = api.as_("company-wuxi").user["id"], api.as_("operator-wuxi").user["id"]
    assert until(recorded) == {
        "challenges.draft": company,
        "challenges.submit": company,
        "challenges.approve": operator,
        "challenges.publish": operator,
    }
    assert auditor.get("ops/challenges/audit/verify").expect(200)["intact"] is True
    other = api.as_("operator-suzhou").get("ops/challenges/audit", params={"subject": challenge_id}).expect(200)
    assert other["items"] == []


def test_the_trail_can_be_verified_from_the_command_line(stack: Stack, api: Api) -> None:
    api.publish("审计链核验", "suzhou")
    assert "审计链完整" in stack.run("huning", "audit", "verify", "challenges")
