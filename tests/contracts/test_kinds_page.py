"""The page for bureaus is that of this version."""

from deploy.kinds import PAGE, page


def test_the_page_is_what_the_schemas_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
