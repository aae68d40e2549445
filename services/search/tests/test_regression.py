"""Search quality on 2,000 real abstracts (ydli-ai/CSL, Apache-2.0), which the project reads and does not contain."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.search.indexing.item_index import ItemIndex
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest, find
from services.search.tests.building import AT, TODAY, indexed, record

CSL = Path(os.environ.get("HUNING_CSL") or Path(__file__).parents[4] / "shared" / "data" / "csl")
"""A copy of the collection; by default where those who work on search keep it, beside the checkout."""
pytestmark = pytest.mark.skipif(not CSL.is_dir(), reason="HUNING_CSL names no copy of CSL: quality is not measured")


def abstracts() -> Iterator[tuple[str, str, str]]:
    """Title, abstract and keywords; the title stands behind the abstract, parted by a space."""
    alone = {line.split("\t")[1] for line in (CSL / "cls_dcp_dev.tsv").read_text("utf-8").splitlines()}
    for name in ("kg_dev.tsv", "kg_test.tsv"):
        for line in (CSL / name).read_text("utf-8").splitlines():
            _, text, keywords = line.split("\t")
            known = [at.start() for at in re.finditer(" ", text) if text[: at.start()] in alone]
            after_an_end = [at.start() for at in re.finditer(r"(?<=[.。!?！？;；)\]）”]) ", text)]
            cut = (known or after_an_end or [text.rindex(" ")])[-1]
            yield text[cut + 1 :], text[:cut], keywords.replace("_", " ")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ItemIndex:
    """The abstracts as achievements of Nanjing, to which they do not belong, without their titles."""
    events = [
        record("成果", source_id=str(n), kind="achievement", summary=abstract)
        for n, (_, abstract, _) in enumerate(abstracts())
    ]
    return indexed(tmp_path_factory.mktemp("csl"), events)


def mean_reciprocal_rank(index: ItemIndex, queries: list[str]) -> float:
    searcher, total = index.searcher(), 0.0
    for n, query in enumerate(queries):
        found = find(searcher, SearchRequest(Criteria(q=query[:300]), limit=10), AT, TODAY)["items"]
        ranks = [rank for rank, item in enumerate(found, 1) if item["id"] == f"nanjing/achievement/{n}"]
        total += 1 / ranks[0] if ranks else 0
    return total / len(queries)


def test_a_title_finds_its_abstract(index: ItemIndex) -> None:
    assert mean_reciprocal_rank(index, [title for title, _, _ in abstracts()]) >= 0.955


def test_keywords_find_their_abstract(index: ItemIndex) -> None:
    assert mean_reciprocal_rank(index, [keywords for _, _, keywords in abstracts()]) >= 0.96
