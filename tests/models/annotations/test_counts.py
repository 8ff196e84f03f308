"""Counting the annotations of a selection."""

import asyncio
from collections.abc import Sequence

import pytest

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import AnnotationCounts, Kind, Ref
from omero_desk.models.annotations.counts import AnnotationCountsModel
from tests.support.fake_library import entity, images
from tests.support.left_over import ends_with_the_test

pytestmark = pytest.mark.asyncio


class Counter:
    """Answers when it is told to, in the order that it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[Ref], asyncio.Future[dict[Ref, AnnotationCounts]]]] = []

    async def count(self, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        answer: asyncio.Future[dict[Ref, AnnotationCounts]] = asyncio.get_running_loop().create_future()
        self.asked.append((refs, answer))
        return await answer

    async def asked_times(self, number: int) -> None:
        while len(self.asked) < number:
            await asyncio.sleep(0)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def model(counter: Counter, errors: list[BaseException]) -> AnnotationCountsModel:
    return ends_with_the_test(AnnotationCountsModel(counter.count, errors.append))


async def test_that_a_thousand_objects_are_one_call_and_add_up(model: AnnotationCountsModel, counter: Counter) -> None:
    model.count(images(1000))
    await counter.asked_times(1)
    refs, answer = counter.asked[0]
    assert len(refs) == 1000
    answer.set_result({ref: AnnotationCounts(tags=1, ratings=2) for ref in refs})
    await model.finished()
    assert model.total == AnnotationCounts(tags=1000, ratings=2000)
    assert model.total.total == 3000


async def test_that_an_object_selected_in_two_places_counts_once(
    model: AnnotationCountsModel, counter: Counter
) -> None:
    model.count([*images(2), *images(2)])
    await counter.asked_times(1)
    assert len(counter.asked[0][0]) == model.objects == 2
    model.cancel_all()


async def test_that_a_folder_is_not_asked_about(model: AnnotationCountsModel, counter: Counter) -> None:
    model.count([entity(Kind.ORPHANED_IMAGES, 3, "Orphaned images", 2, annotations=None)])
    await model.finished()
    assert model.objects == 0
    assert not counter.asked


async def test_that_the_newest_selection_wins(model: AnnotationCountsModel, counter: Counter) -> None:
    first, second = images(2)
    model.count([first])
    await counter.asked_times(1)
    model.count([second])
    await counter.asked_times(2)
    counter.asked[1][1].set_result({second.ref: AnnotationCounts(tags=2)})
    await model.finished()
    assert counter.asked[0][1].cancelled()
    assert model.total == AnnotationCounts(tags=2)


async def test_that_counting_again_forgets_the_number_before(model: AnnotationCountsModel, counter: Counter) -> None:
    for number in (1, 2):
        model.count(images(1))
        assert model.total is None
        await counter.asked_times(number)
        counter.asked[-1][1].set_result({images(1)[0].ref: AnnotationCounts(tags=number)})
        await model.finished()
        assert model.total == AnnotationCounts(tags=number)


async def test_that_a_failure_is_told_in_words(
    model: AnnotationCountsModel, counter: Counter, errors: list[BaseException]
) -> None:
    model.count(images(1))
    await counter.asked_times(1)
    counter.asked[0][1].set_exception(FailedError("The server is busy."))
    await model.finished()
    assert model.problem == "The server is busy."
    assert model.total is None
    assert not errors


async def test_that_a_mistake_of_ours_is_told_and_reported(
    model: AnnotationCountsModel, counter: Counter, errors: list[BaseException]
) -> None:
    model.count(images(1))
    await counter.asked_times(1)
    counter.asked[0][1].set_exception(KeyError("x"))
    await model.finished()
    assert "KeyError" in model.problem
    assert [type(error) for error in errors] == [KeyError]


async def test_that_what_changed_is_counted_again_all_of_it_after_a_failure_too(
    model: AnnotationCountsModel, counter: Counter
) -> None:
    first, second, third = (image.ref for image in images(3))
    counted: list[dict[Ref, AnnotationCounts]] = []
    model.counted.connect(counted.append)
    model.recount([first])
    await counter.asked_times(1)
    model.recount([second])
    counter.asked[0][1].set_exception(FailedError("The server is busy."))
    await model.finished()
    model.recount([third])
    await counter.asked_times(2)
    refs, answer = counter.asked[1]
    assert set(refs) == {first, second, third}
    answer.set_result({ref: AnnotationCounts(comments=1) for ref in refs})
    await model.finished()
    assert counted == [{ref: AnnotationCounts(comments=1) for ref in refs}]
    assert model.total is None


async def test_that_what_changes_during_a_count_is_counted_together_after_it(
    model: AnnotationCountsModel, counter: Counter
) -> None:
    first, second, third = (image.ref for image in images(3))
    model.recount([first])
    await counter.asked_times(1)
    model.recount([second])
    model.recount([third, second])
    counter.asked[0][1].set_result({})
    await counter.asked_times(2)
    counter.asked[1][1].set_result({})
    await model.finished()
    assert [set(refs) for refs, _ in counter.asked] == [{first}, {second, third}]


async def test_that_very_many_are_counted_in_slices_and_told_as_they_come(
    model: AnnotationCountsModel, counter: Counter
) -> None:
    many = images(5000)
    model.count([*many, *many[:10]])
    assert (model.selected, model.looked_at, model.total) == (5010, 2000, None)
    told: list[tuple[int, int]] = []
    model.changed.connect(lambda: told.append((model.looked_at, model.total.total if model.total else -1)))
    for number in (1, 2, 3):
        await counter.asked_times(number)
        refs, answer = counter.asked[number - 1]
        answer.set_result({ref: AnnotationCounts(tags=1) for ref in refs})
    await model.finished()
    assert told == [(2000, 2000), (4000, 4000), (5010, 5000)]
    assert [len(refs) for refs, _ in counter.asked] == [2000, 2000, 1000]
    assert model.objects == 5000


async def test_that_no_more_than_a_number_of_objects_is_counted(
    model: AnnotationCountsModel, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omero_desk.models.annotations.counts.MOST_COUNTED", 3000)
    model.count(images(9000))
    for number in (1, 2):
        await counter.asked_times(number)
        counter.asked[number - 1][1].set_result({})
    await model.finished()
    assert [len(refs) for refs, _ in counter.asked] == [2000, 1000]
    assert (model.looked_at, model.selected) == (3000, 9000)


async def test_that_nothing_more_is_asked_when_nobody_waits_for_the_number(
    model: AnnotationCountsModel, counter: Counter
) -> None:
    model.count(images(9000))
    await counter.asked_times(1)
    model.give_up()
    await model.finished()
    assert counter.asked[0][1].cancelled()
    assert len(counter.asked) == 1
    model.count(images(5))
    model.give_up()
    await counter.asked_times(2)
    counter.asked[1][1].set_result({})
    await model.finished()
    assert model.looked_at == 5, "a few are counted to the end"
