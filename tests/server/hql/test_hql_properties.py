"""The same question asked in HQL and in plain Python, over any rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server.hql.conftest import Library

Row = dict[str, Any]
Truth = bool | None
"""A truth of SQL: None where null was compared."""


@dataclass(frozen=True)
class Condition:
    """A condition as HQL and as a function of a row."""

    hql: str
    holds: Callable[[Row], Truth]


names = st.text(st.sampled_from("aAbB%_é 0'\\"), max_size=4)
numbers = st.integers(-3, 3)
rows = st.fixed_dictionaries(
    {
        "name": names,
        "description": st.none() | names,
        "series": st.none() | numbers,
        "archived": st.none() | st.booleans(),
        "datasets": st.sets(st.integers(0, 2)),
    }
)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def compared(operator: str, left: Any, right: Any) -> Truth:
    if left is None or right is None:
        return None
    return bool({"=": left == right, "<>": left != right, "<": left < right, ">=": left >= right}[operator])


def inverted(truth: Truth) -> Truth:
    return None if truth is None else not truth


def both(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Truth, right: Truth) -> Truth:
    return inverted(both(inverted(left), inverted(right)))


def is_like(text: str | None, pattern: str) -> Truth:
    """By recursion on the pattern, which is short."""
    if text is None:
        return None
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first == "%":
        return any(is_like(text[n:], rest) for n in range(len(text) + 1))
    if first == "\\" and rest:
        first, rest = rest[0], rest[1:]
        return text[:1] == first and is_like(text[1:], rest)
    return bool(text) and first in ("_", text[0]) and is_like(text[1:], rest)


@st.composite
def comparisons(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(["=", "<>", "<", ">="]))
    number = draw(numbers)
    return Condition(f"i.series {operator} {number}", lambda row: compared(operator, row["series"], number))


@st.composite
def memberships(draw: st.DrawFn) -> Condition:
    members = draw(st.lists(numbers, min_size=1, max_size=4))
    listed = ", ".join(map(str, members))
    return Condition(f"i.series in ({listed})", lambda row: None if row["series"] is None else row["series"] in members)


@st.composite
def ranges(draw: st.DrawFn) -> Condition:
    low, high = draw(numbers), draw(numbers)
    return Condition(
        f"i.series + 1 between {low} and {high}",
        lambda row: None if row["series"] is None else low <= row["series"] + 1 <= high,
    )


@st.composite
def patterns(draw: st.DrawFn) -> Condition:
    field, pattern = draw(st.sampled_from(["name", "description"])), draw(names)
    return Condition(f"i.{field} like {quoted(pattern)}", lambda row: is_like(row[field], pattern))


@st.composite
def texts(draw: st.DrawFn) -> Condition:
    text = draw(names)
    return Condition(
        f"lower(coalesce(i.description, i.name)) = {quoted(text)}",
        lambda row: (row["name"] if row["description"] is None else row["description"]).lower() == text,
    )


@st.composite
def dataset_conditions(draw: st.DrawFn) -> Condition:
    number = draw(st.integers(0, 2))
    linked = f"select l.child.id from DatasetImageLink l where l.parent.name = 'd{number}'"
    exists = f"exists (select x from DatasetImageLink x where x.child = i and x.parent.name = 'd{number}')"
    size = f"size(i.datasetLinks) > {number}"
    return draw(
        st.sampled_from(
            [
                Condition(f"i.id in ({linked})", lambda row: number in row["datasets"]),
                Condition(exists, lambda row: number in row["datasets"]),
                Condition(size, lambda row: len(row["datasets"]) > number),
            ]
        )
    )


simple = st.one_of(
    comparisons(),
    memberships(),
    ranges(),
    patterns(),
    texts(),
    dataset_conditions(),
    st.just(Condition("i.description is null", lambda row: row["description"] is None)),
    st.just(Condition("i.series <> null", lambda row: row["series"] is not None)),
    st.just(Condition("i.archived = true", lambda row: compared("=", row["archived"], True))),
)


def joined(children: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(
            lambda a, b: Condition(f"({a.hql} and {b.hql})", lambda row: both(a.holds(row), b.holds(row))),
            children,
            children,
        ),
        st.builds(
            lambda a, b: Condition(f"({a.hql} or {b.hql})", lambda row: either(a.holds(row), b.holds(row))),
            children,
            children,
        ),
        st.builds(lambda a: Condition(f"not ({a.hql})", lambda row: inverted(a.holds(row))), children),
    )


conditions = st.recursive(simple, joined, max_leaves=5)


def insert(library: Library, connection: Any, table: list[Row]) -> list[Row]:
    """Insert images with their links to three datasets; return them with their ids."""
    datasets = library.insert(connection, "Dataset", *[{"name": f"d{n}"} for n in range(3)])
    fields = ("name", "description", "series", "archived")
    images = library.insert(connection, "Image", *[{name: row[name] for name in fields} for row in table])
    for row, image in zip(table, images, strict=True):
        for number in row["datasets"]:
            library.insert(connection, "DatasetImageLink", {"parent_id": datasets[number], "child_id": image})
    return [{**row, "id": image} for row, image in zip(table, images, strict=True)]


@settings(max_examples=200, deadline=None)
@given(table=st.lists(rows, max_size=8), condition=conditions)
def test_that_conditions_hold_for_the_rows_that_python_finds(
    empty_library: Library, table: list[Row], condition: Condition
) -> None:
    with empty_library.scratch() as connection:
        images = insert(empty_library, connection, table)
        found = empty_library.values(f"select i.id from Image i where {condition.hql}", connection=connection)
        objects = empty_library.objects(f"from Image i where {condition.hql}", connection=connection)
    expected = [row["id"] for row in images if condition.holds(row)]
    assert sorted(found) == expected
    assert sorted(image.id.val for image in objects) == expected


@settings(max_examples=100, deadline=None)
@given(
    table=st.lists(rows, max_size=8),
    descending=st.booleans(),
    offset=st.integers(0, 4),
    limit=st.none() | st.integers(0, 5),
)
def test_that_order_and_pages_are_those_of_python(
    empty_library: Library, table: list[Row], descending: bool, offset: int, limit: int | None
) -> None:
    direction = "desc" if descending else "asc"
    with empty_library.scratch() as connection:
        images = insert(empty_library, connection, table)
        found = empty_library.rows(
            f"select new map(i.id as id) from Image i order by i.series {direction}, lower(i.name), i.id",
            connection=connection,
            offset=offset,
            limit=limit,
        )

    def key(row: Row) -> Any:
        number = 99 if row["series"] is None else row["series"]
        return (-number if descending else number, row["name"].lower(), row["id"])

    ordered = sorted(images, key=key)
    assert [row["id"] for row in found] == [
        row["id"] for row in ordered[offset : None if limit is None else offset + limit]
    ]


@settings(max_examples=100, deadline=None)
@given(table=st.lists(rows, max_size=8))
def test_that_groups_are_counted_as_python_counts(empty_library: Library, table: list[Row]) -> None:
    with empty_library.scratch() as connection:
        images = insert(empty_library, connection, table)
        grouped = empty_library.rows(
            """select i.archived, count(*), count(i.series), sum(i.series), max(i.series), count(distinct i.series)
               from Image i group by i.archived""",
            connection=connection,
        )
        joined_rows = empty_library.rows(
            """select d.name, count(l.id), count(i.description) from Dataset d left outer join d.imageLinks l
               left outer join l.child i group by d.name order by d.name""",
            connection=connection,
        )
    assert sorted(grouped, key=repr) == sorted(map(_counted, _by_archived(images)), key=repr)
    for number, (name, links, described) in enumerate(joined_rows):
        members = [row for row in images if number in row["datasets"]]
        assert (name, links) == (f"d{number}", len(members))
        assert described == sum(row["description"] is not None for row in members)


def _by_archived(images: list[Row]) -> list[list[Row]]:
    groups = [[row for row in images if row["archived"] is kind] for kind in (None, False, True)]
    return [group for group in groups if group]


def _counted(group: list[Row]) -> tuple[Any, ...]:
    series = [row["series"] for row in group if row["series"] is not None]
    total = reduce(lambda a, b: a + b, series) if series else None
    return group[0]["archived"], len(group), len(series), total, max(series, default=None), len(set(series))


@settings(max_examples=100, deadline=None)
@given(table=st.lists(rows, max_size=8), offset=st.integers(0, 2), limit=st.integers(0, 3))
def test_that_fetched_collections_are_pythons(
    empty_library: Library, table: list[Row], offset: int, limit: int
) -> None:
    with empty_library.scratch() as connection:
        images = insert(empty_library, connection, table)
        found = empty_library.objects(
            """select d from Dataset d left outer join fetch d.imageLinks l left outer join fetch l.child
               order by d.name, l.id desc""",
            connection=connection,
            offset=offset,
            limit=limit,
        )
    numbers_of_page = range(3)[offset : offset + limit]
    assert [dataset.name.val for dataset in found] == [f"d{n}" for n in numbers_of_page]
    for number, dataset in zip(numbers_of_page, found, strict=True):
        members = {row["id"]: row["name"] for row in images if number in row["datasets"]}
        assert {link.child.id.val: link.child.name.val for link in dataset.copyImageLinks()} == members
