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
CSRF_REFUSED = Problem(
    "csrf_refused", 403, "请求来源不明", "该请求不是从本平台的页面发出的，已拒绝。请从本平台的页面重新操作。"
)
AUTHORIZATION_PENDING = Problem(
    "authorization_pending", 400, "等待手机确认", "请用手机打开小程序扫码，并在手机上确认登录。"
)
SLOW_DOWN = Problem("slow_down", 400, "查询过于频繁", "仍在等待手机确认；查询过于频繁，请每次多等五秒。")
EXPIRED_TOKEN = Problem("expired_token", 400, "二维码已失效", "二维码已过期或已使用，请刷新页面后重新扫码。")
ACCESS_DENIED = Problem("access_denied", 400, "登录被拒绝", "手机上拒绝了这次登录。如需登录，请刷新页面后重新扫码。")
DEVICE_LOGIN_NOT_FOUND = Problem(
    "device_login_not_found", 404, "登录请求不存在", "该登录请求不存在或已过期，请在电脑上刷新二维码后重新扫描。"
)
DEVICE_LOGIN_SETTLED = Problem(
    "device_login_settled", 409, "登录请求已处理", "该登录请求已有人确认或拒绝，请在电脑上刷新二维码后重新扫描。"
)
NOT_IN_A_BROWSER = Problem(
    "not_in_a_browser", 403, "请在手机上确认", "登录只能在手机的小程序里确认，请用手机扫描二维码。"
)
TOTP_REQUIRED = Problem("totp_required", 400, "需要动态口令", "请打开手机上的身份验证器，输入当前显示的六位动态口令。")
TOTP_ENROLMENT_REQUIRED = Problem(
    "totp_enrolment_required",
    400,
    "尚未绑定动态口令",
    "运营人员首次登录须绑定动态口令，请用身份验证器扫描页面上的二维码。",
)
TOTP_ENROLMENT_NOT_ASKED = Problem(
    "totp_enrolment_not_asked", 409, "无需绑定动态口令", "本次登录不需要绑定动态口令，请直接继续登录。"
)
TOTP_WRONG = Problem(
    "totp_wrong", 400, "动态口令不正确", "动态口令不正确、已过期或已使用，请等待身份验证器显示下一个口令后再输入。"
)
TOTP_ENROLLED = Problem(
    "totp_enrolled", 409, "已绑定动态口令", "该账号已绑定动态口令；如更换手机，请由另一位运营人员解除后重新绑定。"
)
TOTP_NOT_ENROLLED = Problem("totp_not_enrolled", 404, "尚未绑定动态口令", "该账号尚未绑定动态口令，请先绑定。")
OWN_SECOND_FACTOR = Problem(
    "own_second_factor",
    403,
    "不能解除自己的动态口令",
    "动态口令须由另一位运营人员解除，请联系同地区的同事或联盟运营人员。",
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
