import unicodedata

import pytest

from services.sync.rows import radicals


def test_kangxi_radicals_are_what_the_compatibility_forms_of_unicode_say() -> None:
    for code in range(0x2F00, 0x2FD6):
        assert radicals.folded(chr(code)) == unicodedata.normalize("NFKC", chr(code))


def test_every_radical_stands_for_an_ideograph() -> None:
    assert all(unicodedata.name(each).startswith("CJK UNIFIED") for each in radicals.EQUIVALENT.values())


@pytest.mark.parametrize(("written", "meant"), [("⻓三⻆", "长三角"), ("⼯业⻔类", "工业门类"), ("长三角", "长三角")])
def test_text_from_a_pdf_is_what_people_read_in_it(written: str, meant: str) -> None:
    assert radicals.folded(written) == meant
