from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wechat.fields import amount_text, clock_text, field_type, fit, refusal, refused_keys

ACCEPTED = {
    "thing1": ["氢燃料电池双极板涂层寿命提升", "二" * 20, "😀" * 20],
    "number2": ["3", "9" * 32, "3.5"],
    "letter3": ["ABC"],
    "symbol4": ["¥-+"],
    "character_string5": ["A-17/01", "x" * 32],
    "time6": ["15:01", "15:01:59", "2019年10月1日 15:01", "2019年10月1日 15:01~2019年10月1日 16:01"],
    "date7": [
        "2019年10月1日",
        "2019-10-01",
        "2019/10/01",
        "2019.10.01",
        "2019年10月1日 15:01",
        "2019-10-01~2019-10-03",
    ],
    "amount8": ["3000000元", "¥100", "0.50元", "$9999999999"],
    "phone_number9": ["+86-0766-66888866", "13800000000"],
    "car_number10": ["粤A8Z888挂"],
    "name11": ["汉" * 10, "John Smith"],
    "phrase12": ["审核通过"],
}
REFUSED = {
    "thing1": ["二" * 21, "一行\n两行", "", "  "],
    "number2": ["9" * 33, "三", "1.2.3"],
    "letter3": ["A1", "A" * 33],
    "symbol4": ["¥a", "------"],
    "character_string5": ["编号17", "x" * 33, "a b"],
    "time6": ["25:00", "15点", "2019年10月1日"],
    "date7": ["10月1日", "2019-10"],
    "amount8": ["12345678901元", "¥¥1", "三百万元"],
    "phone_number9": ["1" * 18, "无"],
    "car_number10": ["粤A8Z888888"],
    "name11": ["汉" * 11, "A" * 21],
    "phrase12": ["审核通过了吗", "OK"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in ACCEPTED.items() for value in values])
def test_wechat_accepts(key: str, value: str) -> None:
    assert refusal(key, value) is None


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in REFUSED.items() for value in values])
def test_wechat_refuses(key: str, value: str) -> None:
    assert refusal(key, value)


def test_an_enum_field_takes_only_its_listed_values() -> None:
    assert refusal("enum1", "普通", ("普通", "加急")) is None
    assert refused_keys({"enum1": "特急", "thing2": "涂层"}, {"enum1": ("普通",)}) == {"enum1": "不在可选值之内"}


def test_a_key_that_is_none_of_wechats_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="title"):
        field_type("title")


@given(st.text())
def test_whatever_people_write_fits_a_thing(text: str) -> None:
    assert refusal("thing1", fit("thing1", text)) is None


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_chinese_of_any_length_fits_a_phrase_and_a_name(text: str) -> None:
    assert refusal("phrase1", fit("phrase1", text)) is None
    assert refusal("name1", fit("name1", text)) is None


@given(st.sampled_from(sorted(ACCEPTED)).flatmap(lambda key: st.sampled_from([(key, v) for v in ACCEPTED[key]])))
def test_what_passes_already_is_left_alone(pair: tuple[str, str]) -> None:
    assert fit(*pair) == pair[1]


def test_a_long_title_ends_in_an_ellipsis_at_twenty_characters() -> None:
    assert fit("thing1", "一二三四五六七八九十" * 3) == "一二三四五六七八九十一二三四五六七八九…"


@given(st.integers(0, 10**12 - 1))
def test_money_below_ten_billion_yuan_fits_an_amount(fen: int) -> None:
    assert refusal("amount1", amount_text(fen)) is None


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2999, 1, 1), timezones=st.just(UTC)))
def test_an_instant_fits_time_and_date(moment: datetime) -> None:
    assert refusal("time1", clock_text(moment)) is None
    assert refusal("date1", clock_text(moment)) is None


def test_an_instant_is_shown_in_shanghai() -> None:
    assert clock_text(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == "2026年12月31日 23:59:59"
