"""The routes of notifications: the inbox, consents, deliveries and WeChat's callback."""

from shared.access.rules import rule
from shared.access.table.groups import ALLIANCE_ONLY, ANY, CITY_AND_ALLIANCE, EVERYBODY, LOGGED_IN, ONESELF

NOTIFICATIONS = [
    rule("notifications.list-inbox", "GET notifications/inbox", LOGGED_IN),
    rule("notifications.read", "POST notifications/{item_id}/read", ONESELF, "notifications.read"),
    rule("notifications.read-all", "POST notifications/read-all", LOGGED_IN),
    rule("notifications.show-preferences", "GET notifications/preferences", LOGGED_IN),
    rule("notifications.set-preferences", "PUT notifications/preferences", LOGGED_IN),
    rule("notifications.list-templates", "GET notifications/templates", EVERYBODY),
    rule("notifications.list-consents", "GET notifications/consents", LOGGED_IN),
    rule("notifications.report-consents", "POST notifications/consents", LOGGED_IN),
    rule("notifications.greet-wechat", "GET notifications/wechat/callback", {"wechat": ANY}),
    rule("notifications.take-wechat-event", "POST notifications/wechat/callback", {"wechat": ANY}),
    rule("notifications.list-deliveries", "GET notifications/deliveries", CITY_AND_ALLIANCE),
    rule("notifications.list-senders", "GET ops/notifications/senders", ALLIANCE_ONLY),
]
