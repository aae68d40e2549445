import json

import pytest

from shared.wechat.callback import BadMessage, ConsentGiven, MessageSent, fields_of, items_of

APPID = "wx0123456789abcdef"
SENT_XML = b"""<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oOne]]></FromUserName>
<CreateTime>1610969440</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_sent_event]]></Event>
<SubscribeMsgSentEvent><List><TemplateId><![CDATA[T1]]></TemplateId><MsgID>1700827132819554304</MsgID>
<ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus></List></SubscribeMsgSentEvent></xml>"""
POPUP_XML = b"""<xml><ToUserName>gh_1</ToUserName><FromUserName>oOne</FromUserName><CreateTime>1610969440</CreateTime>
<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>
<List><TemplateId>T1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List>
<List><TemplateId>T2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString><PopupScene>2</PopupScene></List>
</SubscribeMsgPopupEvent></xml>"""


def _json(event: str, listed: object, at: object = 1610969440) -> bytes:
    fields = {"ToUserName": "gh_1", "FromUserName": "oOne", "CreateTime": at, "MsgType": "event", "Event": event}
    return json.dumps({**fields, "List": listed}).encode()


def test_a_sent_event_in_xml_carries_its_whole_msgid() -> None:
    (event,) = items_of(fields_of(SENT_XML), APPID)
    assert isinstance(event, MessageSent)
    assert (event.msgid, event.error_code, event.template_id, event.openid) == (1700827132819554304, 0, "T1", "oOne")


def test_json_and_xml_of_one_event_have_one_key() -> None:
    item = {"TemplateId": "T1", "MsgID": "1700827132819554304", "ErrorCode": "0", "ErrorStatus": "success"}
    (from_json,) = items_of(fields_of(_json("subscribe_msg_sent_event", item)), APPID)
    (from_xml,) = items_of(fields_of(SENT_XML), APPID)
    assert from_json == from_xml
    assert from_json.key == from_xml.key


def test_several_items_come_as_a_list_and_each_has_its_own_key() -> None:
    first, second = items_of(fields_of(POPUP_XML), APPID)
    assert isinstance(first, ConsentGiven)
    assert isinstance(second, ConsentGiven)
    assert (first.status, second.status) == ("accept", "reject")
    assert first.key != second.key


@pytest.mark.parametrize("at", [1610969440, "1610969440"])
def test_a_single_item_in_json_is_an_object_and_the_time_an_int_or_a_string(at: object) -> None:
    item = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "1"}
    (alone,) = items_of(fields_of(_json("subscribe_msg_popup_event", item, at)), APPID)
    (listed,) = items_of(fields_of(_json("subscribe_msg_popup_event", [item], at)), APPID)
    assert alone == listed
    assert alone.at.timestamp() == 1610969440


def test_a_change_in_the_settings_is_a_consent_too() -> None:
    item = {"TemplateId": "T1", "SubscribeStatusString": "reject"}
    (event,) = items_of(fields_of(_json("subscribe_msg_change_event", [item])), APPID)
    assert isinstance(event, ConsentGiven)
    assert event.status == "reject"


def test_an_event_that_we_do_not_follow_is_no_items() -> None:
    assert items_of({"Event": "user_enter_tempsession", "CreateTime": 1, "FromUserName": "oOne"}, APPID) == []


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><xml><Event>&a;</Event></xml>',
        b'<!DOCTYPE xml SYSTEM "http://example.invalid/x.dtd"><xml><Event>e</Event></xml>',
        b"<xml><Event>",
        b"<xml/>",
        b"[1]",
        b"{",
        b"",
        b"[" * 100_000,
    ],
)
def test_a_dtd_and_whatever_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(BadMessage):
        fields_of(body)


@pytest.mark.parametrize(
    "fields",
    [
        {"Event": "subscribe_msg_sent_event", "CreateTime": 1, "FromUserName": "o"},
        {"Event": "subscribe_msg_sent_event", "CreateTime": 1, "FromUserName": "o", "List": "text"},
        {"Event": "subscribe_msg_popup_event", "CreateTime": "soon", "FromUserName": "o", "List": []},
    ],
)
def test_a_followed_event_without_what_it_must_carry_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(BadMessage):
        items_of(fields, APPID)


def test_an_openid_never_shows_in_a_repr() -> None:
    assert "oOne" not in repr(items_of(fields_of(SENT_XML), APPID))


@pytest.mark.parametrize(
    "body",
    [
        b"<xml>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</xml>",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"a":' * 20 + b"1" + b"}" * 20,
        b'{"Event": "\\ud800"}',
        b'{"Event": "a\\u0000"}',
        b'{"MsgID": 123456789012345678901234567890}',
        b'{"MsgID": 1e999}',
        b'{"MsgID": NaN}',
    ],
    ids=lambda body: body[:24].decode(),
)
def test_what_could_be_parsed_and_not_be_kept_is_a_bad_message_and_no_error_of_ours(body: bytes) -> None:
    with pytest.raises(BadMessage):
        fields_of(body)


@pytest.mark.parametrize("at", [-62135596800, 253402300799, "9" * 30, None])
def test_a_time_at_the_ends_of_the_calendar_is_a_bad_message(at: object) -> None:
    with pytest.raises(BadMessage):
        items_of(fields_of(_json("subscribe_msg_popup_event", [], at)), APPID)


@pytest.mark.parametrize("msgid", ["9" * 30, "x", [], {"a": 1}])
def test_a_msgid_that_is_no_number_of_64_bits_is_a_bad_message(msgid: object) -> None:
    item = {"TemplateId": "T1", "MsgID": msgid or "x", "ErrorCode": "0"}
    with pytest.raises(BadMessage):
        items_of(fields_of(_json("subscribe_msg_sent_event", item)), APPID)
