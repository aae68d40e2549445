"""Whether a claim makes sense for its challenge: one small function per concern, all listed in `RULES`.

Nothing of the claim stands in a message: the paths and codes are enough for who wrote it, and nobody else may read it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.challenges.claiming.proposal import Proposal
from services.challenges.posting.challenge import Challenge
from services.challenges.posting.rules import distinct, no_attachments
from shared.events.accounts import OrganizationState
from shared.values.problems import FieldError


@dataclass(frozen=True)
class Setting:
    """The context of a claim: its challenge, its claimant, and those of the named organisations that are known."""

    challenge: Challenge
    claimant: OrganizationState
    named: Mapping[str, OrganizationState]


Rule = Callable[[Proposal, Setting], Iterator[FieldError]]


def schedule_within_period(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    if not content.schedule:
        yield FieldError("schedule", "required", "请至少填写一个进度阶段")
    for index, step in enumerate(content.schedule):
        if step.months == 0:
            yield FieldError(f"schedule[{index}].months", "out_of_range", "阶段时长至少为 1 个月")
    period = setting.challenge.period_months
    if sum(step.months for step in content.schedule) > period:
        yield FieldError(
            f"schedule[{len(content.schedule) - 1}].months", "longer_than_period", f"进度合计不得超过 {period} 个月"
        )


def promises_name_indicators(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    yield from distinct((each.indicator for each in content.promises), "promises[{}].indicator", "承诺指标")
    if not setting.challenge.is_disclosed_in_full:
        return  # the claimant may not have been shown the indicators, and must not find them out by trying
    known = {each.name for each in setting.challenge.indicators}
    for index, promise in enumerate(content.promises):
        if promise.indicator not in known:
            yield FieldError(f"promises[{index}].indicator", "unknown_indicator", "榜单中没有此项指标")


def consortium_is_allowed(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    terms = setting.challenge.consortium
    if content.consortium and not terms.allowed:
        yield FieldError("consortium", "not_allowed", "本榜单不接受联合体揭榜")
    elif len(content.partner_ids) > terms.max_partners:
        yield FieldError("consortium", "too_many_partners", f"联合体成员单位最多 {terms.max_partners} 家")


def claimant_leads_consortium(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    if not content.consortium:
        return
    leads = [index for index, each in enumerate(content.consortium) if each.role == "lead"]
    if len(leads) != 1:
        yield FieldError("consortium", "one_lead", "联合体应有且仅有一家牵头单位")
    for index in leads:
        if content.consortium[index].organization_id != setting.claimant.id:
            yield FieldError(f"consortium[{index}].organization_id", "lead_not_claimant", "牵头单位应为提交申请的单位")


def shares_are_whole(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    if not content.consortium:
        return
    last = len(content.consortium) - 1
    if sum(each.cost_share for each in content.consortium) != 100:
        yield FieldError(f"consortium[{last}].cost_share", "sum_not_100", "各单位经费分担比例之和应为 100")
    if sum(each.ip_share for each in content.consortium) != 100:
        yield FieldError(f"consortium[{last}].ip_share", "sum_not_100", "各单位知识产权比例之和应为 100")


def partners_may_claim(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    ids = [each.organization_id for each in content.consortium]
    yield from distinct(ids, "consortium[{}].organization_id", "联合体单位")
    for index, each in enumerate(content.consortium):
        if each.role != "partner":
            continue
        path, partner = f"consortium[{index}].organization_id", setting.named.get(each.organization_id)
        if partner is None or partner.status != "verified":
            yield FieldError(path, "unknown_organization", "没有此单位，或该单位尚未通过认证")
        elif is_the_poster(setting.challenge, partner):
            yield FieldError(path, "own_challenge", "发榜单位不能参加本榜单的联合体")


def attachments_exist(content: Proposal, setting: Setting) -> Iterator[FieldError]:
    yield from no_attachments(content.attachment_ids)


RULES: tuple[Rule, ...] = (
    schedule_within_period,
    promises_name_indicators,
    consortium_is_allowed,
    claimant_leads_consortium,
    shares_are_whole,
    partners_may_claim,
    attachments_exist,
)


def faults_of(content: Proposal, setting: Setting) -> list[FieldError]:
    """Everything that is wrong with it, at once."""
    return [fault for rule in RULES for fault in rule(content, setting)]


def is_the_poster(challenge: Challenge, organization: OrganizationState) -> bool:
    """Whether the organisation posted the challenge, or is the same one by its 统一社会信用代码."""
    poster = challenge.organization
    return organization.id == poster.id or organization.credit_code == poster.credit_code
