"""The guards of the laws on real processes: their tests start the whole system and kill parts of it."""

from tests.mutants.mutant import Mutant

_KILLED = "tests/faults/test_killed_at_exact_points.py"
_BEFORE_THE_PUBLISH = f"{_KILLED}::test_killed_between_the_write_and_the_publish_the_relay_publishes_later"
_BEFORE_THE_SEND = (
    f"{_KILLED}::test_killed_before_wechat_was_called_the_outcome_stays_unknown_and_nothing_is_sent_blindly"
)
_BEFORE_THE_WORK = (
    f"{_KILLED}::test_a_consumer_killed_before_its_work_or_before_its_commit_does_it_again_with_one_effect"
    "[search.percolator-challenge.published-consumer-before-work]"
)

SECONDS = 300
"""Starting the whole system is most of it."""

GUARDS = (
    Mutant(
        "what another process left in an outbox is found without a nudge",
        "shared/aggregates/outbox.py",
        "await asyncio.wait_for(self._nudged.wait(), _POLL_SECONDS)",
        "await self._nudged.wait()",
        _BEFORE_THE_PUBLISH,
        SECONDS,
    ),
    Mutant(
        "an event leaves the outbox after its publication",
        "shared/aggregates/outbox.py",
        'for waiting in document["outbox"]:\n'
        "            await self._publish(Event.from_document(waiting))\n"
        '        await collection.update_one({"_id": document["_id"]}, taken_out(document["outbox"]))\n',
        'await collection.update_one({"_id": document["_id"]}, taken_out(document["outbox"]))\n'
        '        for waiting in document["outbox"]:\n'
        "            await self._publish(Event.from_document(waiting))\n",
        _BEFORE_THE_PUBLISH,
        SECONDS,
    ),
    Mutant(
        "an offset is committed after the work",
        "shared/messaging/consuming.py",
        '"""One batch from Kafka. Returning means: commit."""\n',
        '"""One batch from Kafka."""\n        await self.subscriber.consumer.commit()\n',
        _BEFORE_THE_WORK,
        SECONDS,
    ),
    Mutant(
        "a send that a killed process began becomes unknown",
        "services/notifications/sending/sender.py",
        "await self._disown()",
        "pass",
        _BEFORE_THE_SEND,
        SECONDS,
    ),
    Mutant(
        "workers give way",
        "shared/runtime/serving.py",
        "    if service.is_worker:",
        "    if False:",
        "tests/journeys/test_precedence.py::test_workers_give_way_to_whoever_answers_people",
    ),
)
