"""Who works when: threads, turns, the writer's lock and memory are shared by sessions and users."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.database.driver import is_interruption, supervise, time_limit
from omero_desk.server.scheduling.allowance import SMALL_BYTES, Allowance, TooMuchError, claim
from omero_desk.server.scheduling.dispatcher import Dispatcher
from omero_desk.server.scheduling.task import QUICK_S, SLICE_S, EndedError, Ending, Owner, Task, checkpoint, working_at
from omero_desk.server.scheduling.turns import Turns
from omero_desk.server.scheduling.waiting import MOST_BYTES, MOST_WAITING, CrowdedError, Job, WaitingRoom
from omero_desk.server.scheduling.writer_lock import WriterLock

PATIENCE_S = 60
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def nothing() -> None:
    """Do nothing."""


def _ignored(_value: object) -> None:
    """Return nothing, whatever a job returns."""


@contextmanager
def dispatching(dispatcher: Dispatcher) -> Iterator[Dispatcher]:
    yield dispatcher
    dispatcher.close()


def endless_query(endings: list[Ending], begun: threading.Event) -> Callable[[], None]:
    """Return a job that runs a query without an end and notes why it was ended."""

    def run() -> None:
        connection = sqlite3.connect(":memory:")
        supervise(connection)
        begun.set()
        try:
            connection.execute(ENDLESS).fetchone()
        except sqlite3.OperationalError as error:
            assert is_interruption(error)
        try:
            checkpoint()
        except EndedError as error:
            endings.append(error.ending)

    return run


def test_that_a_burst_of_jobs_is_begun_though_one_thread_was_idle() -> None:
    with dispatching(Dispatcher(8)) as dispatcher:
        first = threading.Event()
        dispatcher.submit(Owner(1, "a"), first.set)
        assert first.wait(PATIENCE_S)
        together = threading.Barrier(5)
        for number in range(4):
            dispatcher.submit(Owner(number, f"session {number}"), lambda: _ignored(together.wait(PATIENCE_S)))
        together.wait(PATIENCE_S)


def test_that_endless_queries_leave_a_small_call_of_the_same_user_its_answer() -> None:
    endings: list[Ending] = []
    with dispatching(Dispatcher(64)) as dispatcher:
        begun = [threading.Event() for _ in range(40)]
        for number, each in enumerate(begun):
            dispatcher.submit(Owner(1, f"hostile {number % 20}"), endless_query(endings, each))
        answered = threading.Event()
        dispatcher.submit(Owner(1, "honest"), answered.set)
        assert answered.wait(PATIENCE_S)
        for number in range(20):
            dispatcher.end_session(f"hostile {number}")
        for each in begun:  # some were still waiting for a thread
            assert each.wait(PATIENCE_S)
            for number in range(20):
                dispatcher.end_session(f"hostile {number}")


def test_that_a_query_ends_with_its_client_and_not_with_another() -> None:
    endings: list[Ending] = []
    begun = threading.Event()
    with dispatching(Dispatcher(2)) as dispatcher:
        dispatcher.submit(Owner(1, "a", "mine"), endless_query(endings, begun))
        assert begun.wait(PATIENCE_S)
        dispatcher.end_client("a", "other")
        assert not endings
        dispatcher.end_client("a", "mine")
        over = threading.Event()
        dispatcher.submit(Owner(1, "b"), over.set)
        assert over.wait(PATIENCE_S)
    wait_for(lambda: endings == [Ending.CLIENT_GONE])


def wait_for(is_so: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(PATIENCE_S * 100):
        if is_so():
            return
        waiting.wait(0.01)
    raise AssertionError("it is not so after a minute")


def test_that_a_time_limit_holds_inside_of_a_call_and_leaves_the_supervision_behind() -> None:
    connection = sqlite3.connect(":memory:")
    task = Task(Owner(1, "a"), Turns(1))
    with working_at(task):
        with pytest.raises(sqlite3.OperationalError), time_limit(connection, 0.01):
            connection.execute(ENDLESS).fetchone()
        task.end(Ending.CLIENT_GONE)
        with pytest.raises(sqlite3.OperationalError):
            connection.execute(ENDLESS).fetchone()


def test_that_what_is_shielded_is_not_cut_in_two() -> None:
    task = Task(Owner(1, "a"), Turns(1))
    task.end(Ending.CLIENT_GONE)
    with task.shielded():
        task.checkpoint()
    with pytest.raises(EndedError):
        task.checkpoint()


def long_task(turns: Turns, clock: Clock, user: int, session: str) -> Task:
    """Return a call that has worked for long enough to take turns, and has its first one."""
    task = Task(Owner(user, session), turns, clock)
    clock.now += QUICK_S * 1.5
    task.checkpoint()
    return task


def test_that_the_most_greedy_session_makes_room_for_another_long_call() -> None:
    clock = Clock()
    turns = Turns(places=100, most=4, clock=clock)
    greedy = [long_task(turns, clock, 1, "greedy") for _ in range(3)]
    modest = long_task(turns, clock, 2, "modest")
    newest = long_task(turns, clock, 3, "newest")
    assert [each.ending for each in (*greedy, modest, newest)] == [None, None, Ending.OVERUSED, None, None]


def test_that_a_turn_goes_to_the_user_who_has_had_the_least_time() -> None:
    clock = Clock()
    turns = Turns(places=1, clock=clock)
    first = long_task(turns, clock, 1, "a")
    order: list[str] = []

    def work(owner: Owner) -> None:
        task = Task(owner, turns, clock)
        task.turn_began -= QUICK_S * 1.5
        task.checkpoint()
        order.append(owner.session)
        task.done()

    waiting = [threading.Thread(target=work, args=(owner,)) for owner in (Owner(1, "b"), Owner(2, "c"))]
    for each in waiting:
        each.start()
    wait_for(lambda: len(turns._waiting) == 2)
    clock.now += SLICE_S / 2
    first.done()
    for each in waiting:
        each.join(PATIENCE_S)
    assert order == ["c", "b"]


def test_that_a_turn_without_an_end_keeps_no_place() -> None:
    clock = Clock()
    turns = Turns(places=1, clock=clock)
    long_task(turns, clock, 1, "in code without checkpoints")
    clock.now += 10
    assert long_task(turns, clock, 2, "another").ending is None


def test_that_a_session_may_not_have_any_number_of_calls_waiting() -> None:
    room = WaitingRoom(1)
    for _ in range(MOST_WAITING):
        room.put(Job(Owner(1, "a"), nothing))
    with pytest.raises(CrowdedError):
        room.put(Job(Owner(1, "a"), nothing))
    room.put(Job(Owner(1, "b"), nothing, 2 * MOST_BYTES))
    with pytest.raises(CrowdedError):
        room.put(Job(Owner(1, "b"), nothing, 1))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), max_size=200))
def test_that_every_job_is_done_once_and_a_thread_is_left_for_whoever_has_none(calls: list[tuple[int, int]]) -> None:
    room = WaitingRoom(16)
    for user, session in calls:
        room.put(Job(Owner(user, f"{user}/{session}"), nothing))
    waiting = Counter(f"{user}/{session}" for user, session in calls)
    begun: list[Job] = []
    done: Counter[str] = Counter()
    while waiting:
        while (job := room.take()) is not None:
            begun.append(job)
            waiting[job.owner.session] -= 1
            waiting += Counter()
        assert begun
        at_work = {each.owner.session for each in begun}
        assert len(begun) == 16 or not set(waiting) - at_work
        finished = begun.pop(0)
        room.finish(finished)
        done[finished.owner.session] += 1
    done.update(each.owner.session for each in begun)
    assert done == Counter(f"{user}/{session}" for user, session in calls)


def test_that_one_reply_takes_half_of_the_memory_and_a_small_one_is_always_made() -> None:
    memory = Allowance(most=20 * SMALL_BYTES)
    large, small = Task(Owner(1, "a"), Turns(1)), Task(Owner(2, "b"), Turns(1))
    with memory.shared_by(large), memory.shared_by(small):
        memory.claim(large, 10 * SMALL_BYTES)
        with pytest.raises(TooMuchError):
            memory.claim(large, 10 * SMALL_BYTES)
        memory.claim(small, SMALL_BYTES)
    assert memory.taken == 0


def test_that_memory_is_claimed_for_the_call_at_work() -> None:
    memory = Allowance(most=SMALL_BYTES)
    task = Task(Owner(1, "a"), Turns(1))
    claim(10 * SMALL_BYTES)  # nobody's
    with working_at(task), memory.shared_by(task):
        with pytest.raises(TooMuchError):
            claim(2 * SMALL_BYTES)
        assert memory.taken == 2 * SMALL_BYTES
    assert memory.taken == 0


def test_that_the_writers_lock_goes_to_the_session_that_has_written_least() -> None:
    clock = Clock()
    lock = WriterLock(clock)
    order: list[str] = []

    def write(session: str) -> None:
        with working_at(Task(Owner(1, session), Turns(1))), lock:
            order.append(session)

    lock.acquire()
    writers = [threading.Thread(target=write, args=("greedy",))]
    with working_at(Task(Owner(1, "greedy"), Turns(1))):
        lock.release()
        lock.acquire()
        clock.now += 9
        writers += [threading.Thread(target=write, args=("modest",))]
        for number, each in enumerate(writers, start=1):
            each.start()
            wait_for(lambda number=number: len(lock._waiting) == number)  # type: ignore[misc]
        lock.release()
    for each in writers:
        each.join(PATIENCE_S)
    assert order == ["modest", "greedy"]


def test_that_the_writers_lock_is_not_waited_for_longer_than_was_said() -> None:
    lock = WriterLock()
    assert lock.acquire()
    refused: list[bool] = []
    other = threading.Thread(target=lambda: refused.append(lock.acquire(timeout=0.01)))
    other.start()
    other.join(PATIENCE_S)
    assert refused == [False]
    lock.release()
    assert lock.acquire(timeout=PATIENCE_S)
