"""Why a delivery is where it is: a stable code, and the sentence that operators read."""

REASONS: dict[str, str] = {
    "no_consent": "收件人没有同意接收这类微信消息，或次数已用完；站内信已送达。",
    "preference": "收件人关闭了这类微信消息；站内信已送达。",
    "no_openid": "收件人没有可用的微信身份，请其重新登录小程序；站内信已送达。",
    "recipient_unknown": "还没有收到收件人的账户信息，收到后自动发送；超过一天则不再发送。",
    "too_late": "已超过一天，不再发送；站内信已送达。",
    "no_template": "小程序后台没有这个订阅消息模板，请添加后再试；站内信已送达。",
    "template_unknown": "正在读取小程序后台的模板，读到后自动发送。",
    "template_stopped": "微信拒绝了这个模板，已停用；请在小程序后台核对模板。",
    "template_refused": "微信拒绝了这个模板；请在小程序后台核对模板的标题和字段。",
    "quiet_hours": "处于收件人的免打扰时段，时段结束后自动发送。",
    "wechat_busy": "微信繁忙，稍后自动重试。",
    "wechat_unreachable": "连接不上微信，稍后自动重试。",
    "token_refused": "微信拒绝了访问凭证，更新后自动重试。",
    "minute_limit": "达到微信每分钟的发送上限，一分钟后自动重试。",
    "daily_limit": "达到微信每日的发送上限，次日自动重试。",
    "concurrent_send": "同一收件人的另一条消息正在发送，稍后自动重试。",
    "configuration": "小程序的配置有误，请按告警核对 AppID、密钥和 IP 白名单；五分钟后自动重试。",
    "not_authorised": "小程序没有发送权限或账号受限，请联系微信；五分钟后自动重试。",
    "openid_refused": "微信不认识收件人的身份，请其重新登录小程序；站内信已送达。",
    "openid_unreadable": "收件人的微信身份无法解密，请核对密钥文件是否更换过。",
    "message_refused": "微信拒绝了消息内容，请按告警核对模板字段。",
    "no_answer": "微信没有应答，不知是否已发出；等待微信的回执，不会重复发送。",
    "process_died": "发送时进程中断，不知是否已发出；等待微信的回执，不会重复发送。",
    "lease_ended": "发送超时，不知是否已发出；等待微信的回执，不会重复发送。",
}
PAUSED = (
    "微信连续 {unanswered} 次没有应答，已暂停发送。试探到微信应答后逐条恢复；结果未知的消息等待回执，不会重复发送。"
)
_REPORTED = "微信报告发送失败（错误码 {code}）；站内信已送达。"
_REFUSED = "{sentence}（微信错误码 {code}）"


def sentence_of(reason: str | None) -> str | None:
    """The sentence for a code; codes of WeChat's own (`wechat_43101`, `message_refused_47003`) name WeChat's number."""
    if reason is None or reason in REASONS:
        return REASONS.get(reason or "")
    head, _, code = reason.rpartition("_")
    if code.lstrip("-").isdecimal():
        sentence = REASONS.get(head)
        return _REFUSED.format(sentence=sentence, code=code) if sentence else _REPORTED.format(code=code)
    return None
