"""The guards of services/notifications: the ledger of effects, sealed names, signed pushes."""

from tests.mutants.mutant import Mutant

_SENDER = "services/notifications/tests/test_sender.py"
_GATE = "services/notifications/tests/test_gate.py"
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
        "services/notifications/inbox/reader.py",
        "if start < length:",
        "if start < (length := length + 1_000_000):",
        f"{_WIRE}::test_a_late_repeat_of_reading_everything_reads_nothing_that_came_since",
    ),
    Mutant(
        "the past tells nobody",
        "services/notifications/composing/composer.py",
        "return self.queueing.clock() - at > TOLD_WITHIN",
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
        "services/notifications/callback/commands.py",
        'if not any(each.status == "sending" for each in candidates):',
        'candidates = [each for each in candidates if each.status != "sending"]\n            if True:',
        "services/notifications/tests/test_commands.py",
    ),
    Mutant(
        "a row about a sealed claim has no name by which the person's other rows are found",
        "services/notifications/sending/judging.py",
        "    if not delivery.sealed:\n",
        "    if True:\n",
        "services/notifications/tests/test_judging.py",
    ),
    Mutant(
        "one message per event and person, whatever name the person goes by",
        "services/notifications/composing/composer.py",
        "if there.message != message.name:",
        "if False:",
        "services/notifications/tests/test_composing.py::"
        "test_one_person_gets_one_message_per_event_whatever_roles_and_saved_searches_he_has",
    ),
    Mutant(
        "a consent says nothing to whoever reads the database",
        "services/notifications/consents/store.py",
        "return SealedConsent(id=consent_id, sealed=self._sealer.seal(plain, consent_id))",
        "return SealedConsent(id=consent_id, sealed=plain)",
        "services/notifications/tests/test_composing.py::"
        "test_nothing_that_is_kept_of_a_claim_has_a_name_by_which_its_person_is_known_elsewhere",
    ),
    Mutant(
        "a send has no trace of the request that set it off",
        "services/notifications/sending/sender.py",
        "task = asyncio.create_task(self._serve(queue), context=contextvars.Context())",
        "task = asyncio.create_task(self._serve(queue))",
        f"{_SENDER}::test_a_send_has_no_trace_of_the_request_that_happened_to_set_it_off",
    ),
    Mutant(
        "a flood of hits delays no other message",
        "services/notifications/sending/sender.py",
        "async with self._limits[key[1]],",
        "async with self._limits[True],",
        f"{_SENDER}::test_a_flood_of_hits_delays_no_other_message",
    ),
    Mutant(
        "a group that is newer than somebody's preferences takes the default",
        "services/notifications/preferences/domain.py",
        "return self.channels.get(group, EVERY_CHANNEL)",
        "return self.channels[group]",
        "services/notifications/tests/test_preferences.py",
    ),
    Mutant(
        "an unknown answer of WeChat's dialogue is no reject",
        "services/notifications/consents/domain.py",
        "return _MEANINGS.get(result)",
        'return _MEANINGS.get(result, "reject")',
        "services/notifications/tests/test_commands.py",
    ),
    Mutant(
        "a city lists the deliveries of its own alone",
        "services/notifications/sending/store.py",
        "if cities is None:",
        "if True:",
        "tests/services/notifications/test_the_wire.py::"
        "test_a_city_lists_the_deliveries_of_its_own_and_its_pages_tell_nothing_of_others",
    ),
    Mutant(
        "a request about a claim carries no trace of the client's",
        "deploy/gateway/Caddyfile",
        "request_header @sealed -traceparent",
        "",
        "tests/gateway/test_gateway.py",
    ),
    Mutant(
        "a WeChat that hangs is not given every message there is",
        "services/notifications/sending/gate.py",
        "elif self._unanswered >= UNANSWERED:",
        "elif False:",
        f"{_GATE}::test_a_wechat_that_hangs_for_a_day_costs_no_more_than_what_was_under_way",
    ),
    Mutant(
        "WeChat is asked something harmless before a message goes",
        "services/notifications/sending/gate.py",
        "or await self.wechat.answers():",
        "or True:",
        f"{_GATE}::test_a_wechat_that_hangs_for_a_day_costs_no_more_than_what_was_under_way",
    ),
    Mutant(
        "after a doubt one message goes at a time",
        "services/notifications/sending/gate.py",
        "async with self._one:",
        "if True:",
        f"{_GATE}::test_after_the_question_one_message_goes_at_a_time",
    ),
    Mutant(
        "a doubt that was not over makes the next pause longer",
        "services/notifications/sending/gate.py",
        "self._pauses += 1",
        "pass",
        f"{_GATE}::test_a_wechat_that_answers_questions_and_hangs_over_messages_costs_less_and_less",
    ),
    Mutant(
        "a WeChat that hangs over many at once has not recovered by one answer",
        "services/notifications/sending/gate.py",
        "if self._answered >= _TRUSTED_AFTER:",
        "if True:",
        f"{_GATE}::test_a_wechat_that_hangs_again_and_again_is_left_alone_for_longer_each_time",
    ),
    Mutant(
        "a restart is no reason to trust",
        "services/notifications/sending/sender.py",
        "self.gate.go_on_doubting(doubt)",
        "pass",
        f"{_GATE}::test_a_process_that_is_started_again_meanwhile_goes_on_doubting",
    ),
)
