"""The control of the sweep for sealed claims: what is planted where it may be seen is found there."""

from tests.client import Api, challenge, until
from tests.security import sweeping
from tests.security.private_things import mark
from tests.security.sweeping import Found
from tests.stack import Stack


def test_the_sweep_finds_a_word_that_was_planted_where_it_may_be_seen(api: Api, stack: Stack) -> None:
    """The control: in a draft and a published challenge, in a path, in what is answered to a read and to a write."""
    word = mark()
    wanted = sweeping.pattern([word])
    challenge_id = api.publish(f"公开 {word}", "zhenjiang")
    api.visitor.get(f"challenges/{word}")
    until(lambda: api.visitor.get("search", params={"q": word}).expect(200)["total"] == 1)
    reads = sweeping.in_answers(api, [None], {"challenge_id": challenge_id}, [{"q": word}])
    seen = {where.split(" ")[0] for where, answer in reads if wanted.search(answer)}
    assert {"challenges.show", "challenges.list", "search.search"} <= seen
    company = "company-zhenjiang"
    draft = api.as_(company).post("challenges", json=challenge(title=f"草稿 {word}", jurisdiction="zhenjiang"))
    writes = sweeping.in_answers_to_writes(api, [company], {"challenge_id": draft.expect(201)["id"]})
    answered = {where.split(" ")[0] for where, answer in writes if wanted.search(answer)}
    assert {"challenges.revise", "challenges.submit"} <= answered
    assert Found("topic", "huning.challenges") in set(sweeping.in_topics(stack, wanted))
    expected = {"challenges.challenges", "notifications.challenges"}
    until(lambda: expected <= {_lasting(each.where) for each in sweeping.in_collections(stack, wanted)}, every=1)
    until(lambda: {each.where for each in sweeping.in_indexes(stack, wanted)} == {"search"}, every=1)
    places = {"data/kafka", "data/mongodb", "logs/gateway.log"}
    assert places <= {"/".join(each.where.split("/")[:2]) for each in sweeping.in_files(stack, wanted)}


def _lasting(collection: str) -> str:
    """The collection without its generation: a rebuild in another test may have moved it."""
    return collection.partition(".g")[0]
