"""What can be wrong about a challenge or a claim."""

from shared.values.problems import Problem

WRONG_STATE = Problem(
    "wrong_state", 409, "当前状态不能进行此操作", "{what}当前为“{state}”，不能{action}。请刷新后查看可进行的操作。"
)
CLASSIFIED_MATTER = Problem(
    "classified_matter",
    422,
    "涉密事项不得发布",
    "涉密事项不得在本平台发布，请通过保密渠道办理；如系误判，请按提示修改后重新提交。",
)
DEADLINE_IN_THE_PAST = Problem(
    "deadline_in_the_past",
    409,
    "揭榜截止时间已过",
    "揭榜截止时间 {deadline} 已过，请退回发榜单位修改截止时间后再办理。",
)
NOT_DUE = Problem("not_due", 409, "尚未到截止时间", "揭榜截止时间为 {deadline}，到时将自动截止。")
NOT_PUBLISHED = Problem("not_published", 409, "榜单尚未发布", "榜单发布后才能揭榜，请留意发布通知。")
DEADLINE_PASSED = Problem("deadline_passed", 409, "揭榜已截止", "本榜单已于 {deadline} 截止揭榜，请关注同类榜单。")
ORGANIZATION_NOT_VERIFIED = Problem(
    "organization_not_verified", 403, "单位尚未认证", "须由已通过认证的单位办理，请等待所在地区审核单位信息后重试。"
)
OWN_CHALLENGE = Problem(
    "own_challenge", 403, "不能揭自己的榜", "发榜单位及同一统一社会信用代码的单位不能揭本单位发布的榜单。"
)
CLAIM_EXISTS = Problem(
    "claim_exists", 409, "已有揭榜申请", "贵单位对本榜单已有一份揭榜申请，截止前可修改它，或撤回后重新申请。"
)
COMMITMENT_MISSING = Problem(
    "commitment_missing", 409, "尚未签署军令状", "提交前须接受军令状承诺，请在申请内容中确认后再提交。"
)
CONTENT_CHANGED = Problem(
    "content_changed",
    409,
    "申请内容已变更",
    "牵头单位已修改申请内容，请重新查看最新内容后再决定是否同意。",
)
CONSENTS_MISSING = Problem(
    "consents_missing",
    409,
    "联合体成员尚未全部同意",
    "还有 {count} 家联合体成员单位未同意，请待其全部同意或调整联合体后再提交。",
)
