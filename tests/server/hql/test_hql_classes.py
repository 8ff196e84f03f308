"""Every class of the model: all that it has can be selected, compared, ordered, fetched and counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from omero_desk.server.database.model import Collection, ModelClass, NamedValues, Property, Quantity, Relation, Scalar
from omero_desk.server.database.schema import load_schema
from tests.server.hql.conftest import Library

SCHEMA = load_schema()
CLASSES = sorted(SCHEMA.model)


def of_kind(found: ModelClass, *kinds: type[Property]) -> Iterator[str]:
    for name, each in found.properties.items():
        if isinstance(each, kinds):
            yield name


@pytest.mark.parametrize("name", CLASSES)
def test_that_all_values_of_a_class_are_selected_and_compared(library: Library, name: str) -> None:
    found = SCHEMA.model[name]
    paths = [f"x.{each}" for each in of_kind(found, Scalar, Quantity)]
    relations = [f"x.{each}" for each in of_kind(found, Relation)]
    sizes = [f"size(x.{each})" for each in of_kind(found, Collection, NamedValues)]
    details = ["x.details.owner.id", "x.details.group.id", "x.details.creationEvent.id"] if found.has_details else []
    selected = ["x.id", "x.class", *paths, *(f"{each}.id" for each in relations), *sizes, *details]
    conditions = [f"{each} is null" for each in [*paths, *relations]]
    empty = [f"x.{each} is empty" for each in of_kind(found, Collection)]
    hql = f"select {', '.join(selected)} from {name} x where x.id > 0 or {' or '.join([*conditions, *empty, 'x = 1'])}"
    rows = library.project(f"{hql} order by {', '.join([*paths, *relations, 'x.id'])}", user="root", group=-1, limit=3)
    assert all(len(row) == len(selected) for row in rows)


@pytest.mark.parametrize("name", CLASSES)
def test_that_everything_about_a_class_is_fetched(library: Library, name: str) -> None:
    found = SCHEMA.model[name]
    steps = [*of_kind(found, Relation), *of_kind(found, Collection)]
    joins = [f"left outer join fetch x.{step} as a{number}" for number, step in enumerate(steps)]
    hql = f"select x from {name} x {' '.join(joins)} left outer join fetch x.details.externalInfo order by x.id"
    objects = library.objects(hql, user="root", group=-1, limit=3)
    collections = list(of_kind(found, Collection))
    assert len({each.id.val for each in objects}) == len(objects)
    assert all(getattr(each, f"_{collection}Loaded") for each in objects for collection in collections)
