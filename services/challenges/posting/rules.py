"""Whether what a poster wrote makes sense: one small function per concern, all listed in `RULES`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from services.challenges.posting.programme import Programme
from services.challenges.posting.terms import Terms
from shared.values.money import yuan
from shared.values.problems import FieldError

Rule = Callable[[Terms, Programme, datetime], Iterator[FieldError]]


def deadline_ahead(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    if content.deadline <= at:
        yield FieldError("deadline", "in_the_past", "揭榜截止时间应晚于现在")


def period_within_programme(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    longest = programme.longest_period_months
    if not 1 <= content.period_months <= longest:
        yield FieldError(
            "period_months", "out_of_range", f"实施周期应为 1 至 {longest} 个月，现为 {content.period_months}"
        )


def reward_in_stages(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    stages = content.reward.stages
    if not stages:
        yield FieldError("reward.stages", "required", "请至少填写一个拨付阶段")
        return
    for index, stage in enumerate(stages):
        if stage.percent == 0:
            yield FieldError(f"reward.stages[{index}].percent", "out_of_range", "阶段比例应为 1 至 100")
    total = sum(stage.percent for stage in stages)
    if total != 100:
        last = len(stages) - 1
        yield FieldError(f"reward.stages[{last}].percent", "sum_not_100", f"各阶段比例之和应为 100，现为 {total}")
    yield from distinct((stage.name for stage in stages), "reward.stages[{}].name", "阶段名称")


def funding_is_the_reward(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    if not content.funding:
        return
    yield from distinct((each.jurisdiction for each in content.funding), "funding[{}].jurisdiction", "出资地区")
    total = sum(each.amount_fen for each in content.funding)
    if total != content.reward.amount_fen:
        yield FieldError(
            f"funding[{len(content.funding) - 1}].amount_fen",
            "sum_not_reward",
            f"各地出资之和应等于榜金 {yuan(content.reward.amount_fen)}，现为 {yuan(total)}",
        )


def race_fits_mode(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    if content.mode == "race" and content.race is None:
        yield FieldError("race", "required", "赛马制须填写参赛团队数和淘汰节点")
    if content.mode == "single" and content.race is not None:
        yield FieldError("race", "not_allowed", "揭榜挂帅不设赛马节点，请删除或将模式改为赛马")


def race_thins_out(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    race = content.race
    if content.mode != "race" or race is None:
        return
    fewest, most = programme.fewest_race_teams, programme.most_race_teams
    if not fewest <= race.teams <= most:
        yield FieldError("race.teams", "out_of_range", f"参赛团队应为 {fewest} 至 {most} 个，现为 {race.teams}")
    if not race.gates:
        yield FieldError("race.gates", "required", "赛马制至少需要一个淘汰节点")
    teams, earliest = race.teams, content.deadline
    for index, gate in enumerate(race.gates):
        if not 1 <= gate.keep < teams:
            yield FieldError(
                f"race.gates[{index}].keep", "out_of_range", f"保留团队数应至少为 1 且少于此前的 {teams} 个"
            )
        if gate.due <= earliest:
            yield FieldError(f"race.gates[{index}].due", "not_ascending", "节点时间应晚于揭榜截止时间和前一节点")
        teams, earliest = gate.keep, max(earliest, gate.due)


def consortium_within_programme(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    most, asked = programme.most_partners, content.consortium.max_partners
    fewest = 1 if content.consortium.allowed else 0
    if not fewest <= asked <= most:
        yield FieldError(
            "consortium.max_partners", "out_of_range", f"联合体成员单位应为 {fewest} 至 {most} 家，现为 {asked}"
        )


def custom_terms_have_text(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    if content.ip_terms.template == "custom" and content.ip_terms.text is None:
        yield FieldError("ip_terms.text", "required", "选择自定义产权归属时须写明约定内容")
    if content.ip_terms.template != "custom" and content.ip_terms.text is not None:
        yield FieldError("ip_terms.text", "not_allowed", "仅自定义产权归属可填写约定内容，请删除或改选自定义")


def indicators_are_named(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    if not content.indicators:
        yield FieldError("indicators", "required", "请至少填写一项核心技术指标")
    yield from distinct((each.name for each in content.indicators), "indicators[{}].name", "指标名称")


def industries_are_distinct(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    yield from distinct(content.industry, "industry[{}]", "产业标签")


def attachments_exist(content: Terms, programme: Programme, at: datetime) -> Iterator[FieldError]:
    yield from no_attachments(content.attachment_ids)


RULES: tuple[Rule, ...] = (
    deadline_ahead,
    period_within_programme,
    reward_in_stages,
    funding_is_the_reward,
    race_fits_mode,
    race_thins_out,
    consortium_within_programme,
    custom_terms_have_text,
    indicators_are_named,
    industries_are_distinct,
    attachments_exist,
)


def faults_of(content: Terms, programme: Programme, at: datetime) -> list[FieldError]:
    """Everything that is wrong with it, at once."""
    return [fault for rule in RULES for fault in rule(content, programme, at)]


def distinct(values: Iterable[str], path: str, what: str) -> Iterator[FieldError]:
    """A fault at every value that stood before. `path` has one place for the index."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield FieldError(path.format(index), "duplicate", f"{what}重复，请合并或修改")
        seen.add(value)


def no_attachments(attachment_ids: Sequence[str]) -> Iterator[FieldError]:
    """Nothing takes attachments in yet, so every id names one that does not exist."""
    for index in range(len(attachment_ids)):
        yield FieldError(f"attachment_ids[{index}]", "unknown_attachment", "没有此附件，请删除")
