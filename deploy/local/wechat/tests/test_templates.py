from deploy.local.wechat.templates import REGISTERED
from services.notifications.subjects.templates import TEMPLATES
from shared.wechat.fields import refusal


def test_the_console_holds_every_template_of_ours_with_the_same_keys() -> None:
    registered = {each.title: each.keys for each in REGISTERED}
    assert registered == {each.title: frozenset(each.keys) for each in TEMPLATES.values()}


def test_the_examples_in_the_console_keep_the_rules_themselves() -> None:
    examples = [(key, example) for each in REGISTERED for _, key, example in each.fields]
    assert [pair for pair in examples if refusal(*pair)] == []
