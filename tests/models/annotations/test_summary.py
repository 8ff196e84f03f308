"""Sums over a selection: the same in slices as at once, and of very many objects in slices."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from omero_desk.entities.objects import UNKNOWN, Entity, Kind, Permissions
from omero_desk.models.annotations import description
from omero_desk.models.annotations.summary import AT_ONCE, Summary, Summing
from omero_desk.models.selection import runs
from tests.support.fake_library import entity

ENTITIES = st.lists(
    st.builds(
        lambda kind, owner, children, annotations, may: replace(
            entity(kind, 1, "one"),
            owner_id=owner,
            child_count=children,
            annotation_count=annotations,
            permissions=Permissions(can_annotate=may),
        ),
        st.sampled_from([Kind.PROJECT, Kind.DATASET, Kind.IMAGE, "Other"]),
        st.none() | st.integers(1, 3),
        st.none() | st.just(UNKNOWN) | st.integers(0, 9),
        st.none() | st.integers(0, 9),
        st.booleans(),
    ),
    max_size=12,
)


def told(summary: Summary | None) -> tuple[object, ...]:
    assert summary is not None
    counted = summary.kinds, summary.owners, summary.children
    return summary.number, *counted, summary.annotations, summary.can_annotate


def summed(summing: Summing) -> Summary | None:
    return summing.summary


@given(ENTITIES, ENTITIES)
def test_that_slices_sum_up_to_the_whole(first: list[Entity], second: list[Entity]) -> None:
    sliced = Summary(first)
    sliced.add(second)
    assert told(sliced) == told(Summary([*first, *second]))


@given(ENTITIES)
def test_that_sums_are_those_of_the_objects(entities: list[Entity]) -> None:
    summary = Summary(entities)
    assert summary.number == len(entities)
    known = [one.child_count for one in entities if one.child_count not in (None, UNKNOWN)]
    assert sum(summary.children.values()) == sum(count or 0 for count in known)
    assert summary.can_annotate == (
        bool(entities) and all(one.annotation_count is not None and one.permissions.can_annotate for one in entities)
    )


def test_that_a_few_are_summed_up_at_once_and_many_in_slices(qapp: QApplication) -> None:
    many = [replace(entity(Kind.IMAGE, n, f"image {n}"), owner_id=1) for n in range(AT_ONCE + 1)]
    summing, done = Summing(), list[int]()
    summing.done.connect(lambda: done.append(1))
    summing.take(many[:AT_ONCE])
    assert summed(summing) is not None
    assert not done
    summing.take(many)
    assert summed(summing) is None
    assert description.title(many, None) == f"{len(many):,} objects selected"
    while not done:
        QCoreApplication.processEvents()
    assert told(summed(summing)) == told(Summary(many))
    summing.take(many)
    summing.take(many[:1])  # what nobody has selected any more is not summed up
    for _ in range(5):
        QCoreApplication.processEvents()
    assert done == [1]
    assert told(summed(summing)) == told(Summary(many[:1]))
    summing.deleteLater()


def test_that_rows_that_follow_one_another_are_one_run() -> None:
    assert runs([]) == []
    assert runs([3]) == [(3, 3)]
    assert runs([0, 1, 2, 5, 6, 9]) == [(0, 2), (5, 6), (9, 9)]
