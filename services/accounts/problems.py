"""What can be wrong with a login, an organisation or a role."""

from shared.values.problems import Problem

CODE_INVALID = Problem(
    "wechat_code_invalid", 401, "微信登录失败", "微信登录凭证无效、已过期或已使用，请在小程序中重新登录。"
)
LOGIN_REFUSED = Problem(
    "wechat_login_refused", 401, "微信拒绝登录", "微信暂不允许该账号登录，请在微信中解除限制后重试。"
)
WECHAT_BUSY = Problem("wechat_busy", 429, "登录人数过多", "微信登录请求过于频繁，请一分钟后重试。", retry_after=60)
WECHAT_UNAVAILABLE = Problem(
    "wechat_unavailable",
    503,
    "微信登录暂不可用",
    "暂时无法连接微信，请稍后重试；已登录的用户不受影响。",
    retry_after=5,
)
REFRESH_INVALID = Problem("refresh_invalid", 401, "登录已失效", "登录凭证无法识别，请重新登录。")
REFRESH_EXPIRED = Problem("refresh_expired", 401, "登录已过期", "已退出登录，或长时间未使用，请重新登录。")
REFRESH_REUSED = Problem(
    "refresh_reused", 401, "登录已失效", "登录凭证被重复使用，可能已泄露；为保护账号，本次登录已失效，请重新登录。"
)
ORGANIZATION_EXISTS = Problem(
    "organization_exists",
    409,
    "单位已登记",
    "该统一社会信用代码已登记（八地共用一个登记）；如需加入，请联系本单位管理员或所在地区运营人员。",
)
APPLICATION_PENDING = Problem(
    "application_pending", 409, "已有待审核的申请", "您已登记该单位，正在等待所在地区审核，请等待审核结果。"
)
ORGANIZATION_NOT_VERIFIED = Problem(
    "organization_not_verified", 409, "单位未认证", "该单位不存在或尚未通过认证，请核对后重试。"
)
TOO_MANY_APPLICATIONS = Problem(
    "too_many_applications",
    409,
    "待审核的申请过多",
    "您已有 {limit} 个单位在等待审核，请等待审核结果后再登记新的单位。",
)
WRONG_STATE = Problem(
    "wrong_state", 409, "当前状态不能进行此操作", "该单位当前为“{state}”，不能{action}。请刷新后查看。"
)
OWN_APPLICATION = Problem(
    "own_application", 403, "不能审核自己的申请", "申请人不能审核自己登记的单位，请由同地区另一位运营人员办理。"
)
ROLE_NOT_HELD = Problem("role_not_held", 404, "没有此角色", "该用户没有这个角色，请核对角色和地区。")
OWN_ROLE = Problem(
    "own_role", 409, "不能撤销自己的角色", "联盟运营人员不能撤销自己的角色，请由另一位联盟运营人员办理。"
)
