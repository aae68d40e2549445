"""The guards of services/notifications: the ledger of effects, sealed names, signed pushes."""

from tests.mutants.mutant import Mutant

_SENDER = "services/notifications/tests/test_sender.py"
_DELIVERY = "services/notifications/tests/test_delivery.py"
_WIRE = "tests/services/notifications/test_the_wire.py"

GUARDS = (
    Mutant(
        "the ledger says sending before WeChat is called",
        "services/notifications/sending/sender.py",
        "if mine := await self._started(delivery):",
        "if mine := delivery:",
        f"{_SENDER}::test_the_row_says_sending_before_wechat_is_called",
    ),
    Mutant(
        "only one process sends",
        "services/notifications/sending/sender.py",
        "return started.state if started.state.owner == owner else None",
        "return started.state",
        _SENDER,
    ),
    Mutant(
        "what was judged while it waited does not touch what is being sent",
        "services/notifications/sending/delivery.py",
        "return lambda delivery: decide(delivery) if delivery.waits else None",
        "return decide",
        _SENDER,
    ),
    Mutant(
        "what may be out is never started again",
        "services/notifications/sending/delivery.py",
        '    if not delivery.waits:\n        return None\n    return _becomes(\n        delivery,\n        "start",\n',
        '    return _becomes(\n        delivery,\n        "start",\n',
        _DELIVERY,
    ),
    Mutant(
        "a digest that was taken to be sent collects no more",
        "services/notifications/sending/delivery.py",
        "or not delivery.collects or",
        "or",
        "services/notifications/tests/test_digest.py",
    ),
    Mutant(
        "a late repeat of reading everything reads nothing new",
        "services/notifications/inbox/store.py",
        ', "created_at": {"$lte": up_to}',
        "",
        f"{_WIRE}::test_a_late_repeat_of_reading_everything_reads_nothing_that_came_since",
    ),
    Mutant(
        "the past tells nobody",
        "services/notifications/composing/composer.py",
        "return self.clock() - at > TOLD_WITHIN",
        "return False",
        "services/notifications/tests/test_composing.py",
    ),
    Mutant(
        "WeChat's pushes are signed",
        "services/notifications/callback/pushes.py",
        "not signed_by(self.token, expected, timestamp, *parts)",
        "False",
        "services/notifications/tests/test_pushes.py",
    ),
    Mutant(
        "a word that overtakes its answer settles nothing else",
        "services/notifications/commands.py",
        'if not any(each.status == "sending" for each in candidates):',
        'candidates = [each for each in candidates if each.status != "sending"]\n            if True:',
        "services/notifications/tests/test_commands.py",
    ),
    Mutant(
        "rows about a sealed claim are kept under a name of their own",
        "services/notifications/names.py",
        "return self.sealed(self.claimant(recipient)) if _is_within_a_claim(recipient) else recipient",
        "return self.everyday_of(recipient)",
        "services/notifications/tests/test_composing.py",
    ),
    Mutant(
        "a city lists the deliveries of its own alone",
        "services/notifications/sending/store.py",
        "if cities is not None:",
        "if False:",
        "tests/services/notifications/test_the_wire.py::"
        "test_a_city_lists_the_deliveries_of_its_own_and_its_pages_tell_nothing_of_others",
    ),
)
