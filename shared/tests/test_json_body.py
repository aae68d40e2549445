"""Bodies that other parsers would guess at are refused, quickly and in Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http import json_body
from shared.values.problems import Refusal

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner)
    ),
    max_leaves=20,
)


@given(plain)
def test_ordinary_json_is_read_as_it_is(value: object) -> None:
    import json

    assert json_body.parse(json.dumps(value).encode()) == value
    assert json_body.parse(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "语法错误"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": Infinity}', "Infinity"),
        (b'{"a": 1e999}', "数字过大"),
        (b'{"a": 1, "a": 2}', "重复"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a\\u0000": 1}', "NUL"),
        (b'{"a": ["\\u0000"]}', "NUL"),
        (b'{"a": "\\ud800"}', "字符"),
        (b"[" * 10_000 + b"]" * 10_000, "嵌套"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "数字"),
        (b'{"a": 9223372036854775808}', "数字过大"),
        (b"", "语法错误"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "嵌套"),
        (b"[" + b"{}," * 40_000 + b"{}]", "项数过多"),
        (b"[" + b"1," * 400_000 + b"1]", "项数过多"),
        (b"{" + b",".join(b'"%d":1' % n for n in range(300)) + b"}", "个字段"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_cannot_be_meant_is_refused_with_a_reason(body: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        json_body.parse(body)
    assert refused.value.problem.code == "bad_json"
    assert said in refused.value.detail
