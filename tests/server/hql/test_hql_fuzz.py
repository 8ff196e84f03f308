"""Whatever is sent, the answer is rows or one of OMERO's exceptions.

HQL_FUZZ in the environment says how many queries are tried: `HQL_FUZZ=10000 pytest tests/server/hql/test_hql_fuzz.py`.
"""

from __future__ import annotations

import os

import omero
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omero_desk.server.hql import execution
from omero_desk.server.scheduling.allowance import SMALL_BYTES, Allowance
from omero_desk.server.scheduling.task import EndedError, Ending, Owner, Task, working_at
from omero_desk.server.scheduling.turns import Turns
from tests.server.hql.conftest import Library
from tests.server.hql.test_hql_parser import gateway_queries

WORDS = """select distinct new map ( ) , from Image Dataset Annotation DatasetImageLink i d l as join left outer fetch
    inner with where and or not in is null = <> < >= like between exists count ( * ) max size index lower cast double
    extract epoch case when then else end order by group having asc desc i.id i.name d.imageLinks l.child i.class
    i.details.owner.omeName i.details.permissions i.fileset i.pixels 1 -2 1.5 'x' :ids :one + - / || . TagAnnotation
    type coalesce true member of empty elements any all some substring locate '2026-01-01' i.acquisitionDate
    i.annotationLinks.size p.physicalSizeX.unit current_timestamp() fetch all properties""".split()  # noqa: SIM905  one word after the other reads better
QUERIES = sorted(set(gateway_queries()))
QUERIES_TRIED = int(os.environ.get("HQL_FUZZ", "800"))
ARGUMENTS = {"ids": [1, 2], "one": 1, "oid": 1, "eid": 1, "pid": 1, "limit": 20}


def ask(library: Library, hql: str) -> None:
    for run in (library.project, library.objects):
        try:
            run(hql, **ARGUMENTS)
        except (omero.QueryException, omero.ApiUsageException, omero.OverUsageException) as refused:
            assert refused.message


def tries(share: float) -> settings:
    """A share of the queries that are tried, in the time that they take."""
    return settings(max_examples=round(QUERIES_TRIED * share), deadline=None)


@tries(0.2)
@given(hql=st.text(max_size=60))
def test_that_any_text_is_answered(library: Library, hql: str) -> None:
    ask(library, hql)


@tries(0.35)
@given(words=st.lists(st.sampled_from(WORDS), max_size=25), source=st.sampled_from(["", "select i from Image i "]))
def test_that_any_words_are_answered(library: Library, words: list[str], source: str) -> None:
    ask(library, source + " ".join(words))


@tries(0.2)
@given(condition=st.lists(st.sampled_from(WORDS), min_size=1, max_size=9))
def test_that_any_condition_is_answered(library: Library, condition: list[str]) -> None:
    ask(library, "select i from Image i left join i.datasetLinks l left join l.parent d where " + " ".join(condition))


@tries(0.25)
@given(data=st.data())
def test_that_spoilt_queries_are_answered(library: Library, data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(QUERIES)).split()
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(words)))
        words[position : position + data.draw(st.integers(0, 3))] = data.draw(
            st.lists(st.sampled_from(WORDS), max_size=2)
        )
    ask(library, " ".join(words))


@pytest.mark.parametrize(
    "hql",
    [
        "select i from Image i where " + "(" * 5000 + "i.id = 1" + ")" * 5000,
        "select i from Image i where " + " or ".join(["i.id = 1"] * 20_000),
        "select i from Image i where " + "not " * 20_000 + "i.id = 1",
        "select i from Image i where i.id = " + "-" * 20_000 + "1",
        "select i from Image i where i.id in (" + ", ".join(map(str, range(40_000))) + ")",
        "select " + ", ".join(["i.id"] * 5000) + " from Image i",
        "select i from Image i " + " ".join(f"join i.datasetLinks l{n}" for n in range(200)),
        "select i from Image i where i.name like '" + "%a" * 5000 + "'",
        "select i from Image i where i.id = " + "1 + " * 20_000 + "1",
        "select i from Image i where " + "exists (select x from Image x where " * 500 + "x.id = 1" + ")" * 500,
        "select i from Image i where i.name = '\ud800'",
        "select i from Image i where i.id = 1e999 or i.id = -9223372036854775807 - 10",
    ],
    ids=range(12),
)
def test_that_monsters_are_answered(library: Library, hql: str) -> None:
    ask(library, hql)


def test_that_a_huge_query_is_not_sent_back_whole(library: Library) -> None:
    with pytest.raises(omero.ApiUsageException) as refused:
        library.project(f"select i from Image i where i.name = '{'x' * 600_000}'")
    assert len(refused.value.message) < 30_000


def test_that_odd_parameters_are_answered(library: Library) -> None:
    query = "select i.id from Image i where i.id = :x or i.name = :x or i.id in (:xs)"
    for value in (2**63, -(2**63), float("nan"), float("inf"), "\ud800", "\0", True, [1], {"a": 1}):
        try:
            library.project(query, x=value, xs=[value])
        except omero.ApiUsageException as refused:
            assert refused.message


def test_that_an_endless_query_is_given_up(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "LONGEST_SECONDS", 0.1)
    sources = ", ".join(f"Image i{n}" for n in range(12))
    with pytest.raises(omero.OverUsageException, match="probable timeout"):
        library.project(f"select count(*) from {sources}")
    assert library.values("select count(*) from Project") == [2]


def test_that_an_answer_that_takes_too_much_memory_is_refused_in_words(library: Library) -> None:
    task = Task(Owner(1, "a"), Turns())
    sources = ", ".join(f"PixelsType t{n}" for n in range(5))
    refused = pytest.raises(omero.OverUsageException, match="Ask for it in pages")
    with working_at(task), Allowance(most=SMALL_BYTES).shared_by(task), refused:
        library.project(f"select t0.id from {sources}")
    assert library.values("select count(*) from Project") == [2]


def test_that_a_query_that_ends_with_its_client_is_no_timeout(library: Library) -> None:
    task = Task(Owner(1, "a"), Turns())
    task.end(Ending.CLIENT_GONE)
    with working_at(task), pytest.raises(EndedError):
        library.project("select count(*) from Format a, Format b, Format c, Format d")
