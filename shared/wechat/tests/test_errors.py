from shared.wechat.errors import ALERTING, ERROR_CODES, Action, WeChatError, error_code


def test_a_used_up_subscription_is_forgotten_and_a_busy_wechat_is_asked_again() -> None:
    assert WeChatError(43101).action is Action.FORGET_CONSENT
    assert WeChatError(-1).action is Action.BACK_OFF


def test_a_code_that_wechat_invented_yesterday_drops_the_message_and_alerts() -> None:
    assert error_code(99999).action in ALERTING
    assert "99999" in error_code(99999).meaning


def test_every_code_says_in_chinese_what_it_means() -> None:
    assert all(any("\u4e00" <= character <= "\u9fff" for character in row.meaning) for row in ERROR_CODES.values())


def test_every_action_is_the_answer_to_some_code() -> None:
    assert {row.action for row in ERROR_CODES.values()} == set(Action)


def test_what_wechat_wrote_is_not_in_the_error_text_because_it_may_quote_an_openid() -> None:
    assert "oABC" not in str(WeChatError(40003, "invalid openid oABC"))
