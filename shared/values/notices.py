"""What people are told of, and where it reaches them."""

from shared.values.open_sets import OpenSet


class NotificationGroups(OpenSet):
    """The groups of messages that people can choose channels for."""

    ORGANIZATION = "organization", "单位认证"
    CHALLENGE = "challenge", "我发布的榜单"
    CLAIM = "claim", "揭榜"
    SAVED_SEARCH = "saved-search", "已存搜索"
    BATCH = "batch", "数据推送"
    OBJECTION = "objection", "数据异议"


class Channels(OpenSet):
    """The ways by which a message comes."""

    INBOX = "inbox", "站内消息"
    WECHAT = "wechat", "微信"
