"""How long accounts keeps what (docs/retention.md)."""

from services.accounts.device_logins import domain as device_logins
from services.accounts.sessions.families import LIFE
from shared.values.retention import bounded, by_index, for_ever

RETENTION = {
    "users": for_ever("用户：角色、所属单位，手机号与微信身份加密", "账户本身；所有服务凭它判断权限"),
    "organizations": for_ever("单位及其认证经过", "榜单、揭榜和合同的当事人，须与之同样长久"),
    "sessions": by_index(
        "登录会话",
        "超过有效期即无用；写明到期日，由数据库删除",
        f"最近一次使用（登录后至多 {12 * LIFE.days} 天）",
        LIFE,
        "expires_at",
        at_once=True,
    ),
    "second_factors": bounded("动态口令的密钥，加密", "每人至多一条；由另一位运营人员解除时删除"),
    "device_logins": by_index(
        "等待手机确认的网页登录：代码的散列，遮盖的来源地址，加密的确认人",
        "五分钟后代码即作废；写明到期时间，由数据库删除",
        "网页请求登录时",
        device_logins.LIFE,
        "expires_at",
        at_once=True,
    ),
}
