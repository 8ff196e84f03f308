"""The queue of edits: in order, once, whatever becomes of the line and of who is signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as changed

import pytest

from omero_desk.entities.connection_states import State
from omero_desk.entities.edits import Author, Edit, Receipt
from omero_desk.entities.errors import FailedError, GatewayError, LostError, RefusedError
from omero_desk.entities.objects import LONGEST_NAME, Entity, Kind, Permissions, Ref
from omero_desk.models.annotations.edits import EditsModel, can_rename, problem_of
from omero_desk.models.annotations.pending import EditState, PendingEdit, status_of, summary
from omero_desk.models.annotations.summary import Summary
from tests.support.left_over import ends_with_the_test

pytestmark = pytest.mark.asyncio

ADA, BEN = Author("omero.example.org", 2, "ada"), Author("omero.example.org", 3, "ben")
MAY = Permissions(can_edit=True, can_annotate=True)
IMAGE, OTHER = (
    Entity(Ref(Kind.IMAGE, number), f"Image{number}.tif", "", annotation_count=0, permissions=MAY) for number in (1, 2)
)


@dataclass(eq=False)
class Write:
    """Stands for the gateway's write of an edit: which one it is counts, and what was done with it."""

    edit: Edit
    author: Author
    tries: int = 0


@dataclass
class Server:
    """Takes writes at the pace and with the answers that a test wants."""

    user: Author | None = ADA
    taken: list[str] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    answers: dict[str, list[BaseException]] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    writes: list[Write] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    async def send(self, write: Write) -> Receipt:
        write.tries += 1
        self.writes.append(write)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.gate.wait()
            text = write.edit.text
            if self.answers.get(text):
                raise self.answers[text].pop(0)
            self.taken.append(text)
            return Receipt(write.edit.ref, 7)
        finally:
            self.under_way -= 1


@pytest.fixture
def server() -> Server:
    server = Server()
    server.gate.set()
    return server


@pytest.fixture
def edits(server: Server) -> EditsModel:
    return ends_with_the_test(EditsModel(Write, server.send, lambda: server.user, server.errors.append))


async def settled(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0)


def states(edits: EditsModel) -> list[EditState]:
    return [edit.state for edit in edits.pending]


async def test_that_edits_are_sent_one_at_a_time_in_the_order_of_their_making(
    edits: EditsModel, server: Server
) -> None:
    done: list[tuple[PendingEdit, Receipt]] = []
    edits.done.connect(lambda edit, receipt: done.append((edit, receipt)))
    edits.follow(State.ONLINE)
    server.gate.clear()
    edits.comment([IMAGE, OTHER], "one")
    edits.tag([IMAGE], "two")
    edits.rename(IMAGE, "three")
    await settled(lambda: server.under_way)
    assert states(edits) == [EditState.SENDING, *[EditState.WAITING] * 3]
    server.gate.set()
    await edits.finished()
    assert server.taken == ["one", "one", "two", "three"]
    assert server.most_under_way == 1
    assert edits.pending == ()
    assert [edit.state for edit, _ in done] == [EditState.DONE] * 4
    assert [receipt.ref for _, receipt in done] == [IMAGE.ref, OTHER.ref, IMAGE.ref, IMAGE.ref]


async def test_that_an_object_that_is_selected_twice_is_annotated_once(edits: EditsModel, server: Server) -> None:
    edits.follow(State.ONLINE)
    edits.comment([IMAGE, OTHER, IMAGE], "one")
    await edits.finished()
    assert [write.edit.ref for write in server.writes] == [IMAGE.ref, OTHER.ref]


@pytest.mark.parametrize("state", [state for state in State if state is not State.ONLINE])
async def test_that_edits_wait_for_the_line_and_go_by_themselves(
    edits: EditsModel, server: Server, state: State
) -> None:
    edits.follow(state)
    edits.comment([IMAGE], "typed in the train")
    await edits.finished()
    assert server.taken == []
    (edit,) = edits.of([IMAGE])
    assert status_of(edit, edits.online) == "Waiting for the connection"
    assert edits.of([OTHER]) == ()
    edits.follow(State.ONLINE)
    await edits.finished()
    assert server.taken == ["typed in the train"]


async def test_that_what_is_refused_comes_back_with_its_text_and_the_rest_goes_on(
    edits: EditsModel, server: Server
) -> None:
    back: list[PendingEdit] = []
    edits.given_back.connect(back.append)
    server.answers["not this"] = [FailedError("You are not allowed to do this.", "SecurityViolation")]
    edits.follow(State.ONLINE)
    edits.comment([IMAGE], "not this")
    edits.comment([IMAGE], "but this")
    await edits.finished()
    assert server.taken == ["but this"]
    (edit,) = edits.pending
    assert back == [edit]
    assert (edit.text, edit.detail) == ("not this", "SecurityViolation")
    assert status_of(edit, online=True) == "Not saved: You are not allowed to do this."
    edits.retry(edit.id)
    await edits.finished()
    assert server.taken == ["but this", "not this"]
    assert edits.pending == ()


async def test_that_a_fault_of_our_own_gives_the_text_back_too(edits: EditsModel, server: Server) -> None:
    fault = ZeroDivisionError("ours")
    server.answers["one"] = [fault]
    edits.follow(State.ONLINE)
    edits.comment([IMAGE], "one")
    edits.comment([IMAGE], "two")
    await edits.finished()
    assert states(edits) == [EditState.GIVEN_BACK]
    assert server.errors == [fault]
    assert server.taken == ["two"]


@pytest.mark.parametrize("error", [LostError("The line dropped."), RefusedError("Please sign in.")])
async def test_that_an_edit_whose_line_drops_is_sent_by_the_same_write_that_knows_of_it(
    edits: EditsModel, server: Server, error: GatewayError
) -> None:
    server.answers["one"] = [error]
    edits.follow(State.ONLINE)
    server.gate.clear()
    edits.comment([IMAGE], "one")
    edits.comment([IMAGE], "two")
    await settled(lambda: server.under_way)
    edits.follow(State.SIGN_IN_NEEDED)
    server.gate.set()
    await edits.finished()
    assert states(edits) == [EditState.WAITING] * 2
    edits.follow(State.ONLINE)
    await edits.finished()
    assert server.taken == ["one", "two"]
    first, again, _ = server.writes
    assert first is again


async def test_that_a_line_that_looks_good_and_breaks_each_time_ends_with_the_user(
    edits: EditsModel, server: Server
) -> None:
    server.answers["one"] = [LostError("The line dropped.")] * 10
    edits.follow(State.ONLINE)
    edits.comment([IMAGE], "one")
    await asyncio.wait_for(edits.finished(), 10)
    assert states(edits) == [EditState.GIVEN_BACK]
    assert len(server.writes) == 3


async def test_that_the_user_is_told_when_nobody_knows_whether_it_got_there(edits: EditsModel, server: Server) -> None:
    error = FailedError("The server does not answer.")
    error.fate_unknown = True
    server.answers["one"] = [error]
    edits.follow(State.ONLINE)
    edits.comment([IMAGE], "one")
    await edits.finished()
    assert (
        edits.pending[0].reason == "The server does not answer. It may be there all the same: another try looks first."
    )


async def test_that_edits_survive_a_new_sign_in_of_the_same_user_at_the_same_server(
    edits: EditsModel, server: Server
) -> None:
    edits.follow(State.SIGN_IN_NEEDED)
    edits.comment([IMAGE], "mine")
    edits.follow(State.CONNECTING)
    server.user = changed(ADA)
    edits.follow(State.ONLINE)
    await edits.finished()
    assert server.taken == ["mine"]


@pytest.mark.parametrize("other", [BEN, changed(ADA, server="elsewhere.example.org")])
async def test_that_another_user_or_server_never_gets_them(edits: EditsModel, server: Server, other: Author) -> None:
    edits.follow(State.SIGN_IN_NEEDED)
    edits.comment([IMAGE, OTHER], "Ada's")
    server.user = other
    edits.follow(State.ONLINE)
    edits.comment([IMAGE], "theirs")
    await edits.finished()
    assert server.taken == ["theirs"]
    assert states(edits) == [EditState.GIVEN_BACK] * 2
    assert "written by ada on omero.example.org" in edits.pending[0].reason
    edits.retry(edits.pending[0].id)
    await edits.finished()
    assert server.taken == ["theirs"]
    server.user = ADA
    for edit in edits.pending:
        edits.retry(edit.id)
    await edits.finished()
    assert server.taken == ["theirs", "Ada's", "Ada's"]


async def test_that_what_waits_or_came_back_can_be_discarded_but_not_what_is_being_sent(
    edits: EditsModel, server: Server
) -> None:
    edits.follow(State.ONLINE)
    server.gate.clear()
    edits.comment([IMAGE, OTHER], "one")
    await settled(lambda: server.under_way)
    for edit in edits.pending:
        edits.discard(edit.id)
    assert states(edits) == [EditState.SENDING]
    server.gate.set()
    await edits.finished()
    assert len(server.taken) == 1


async def test_that_who_leaves_takes_nothing_along(edits: EditsModel, server: Server) -> None:
    edits.follow(State.ONLINE)
    server.gate.clear()
    edits.comment([IMAGE, OTHER], "one")
    await settled(lambda: server.under_way)
    edits.discard_all()
    server.gate.set()
    await edits.finished()
    assert edits.pending == ()
    assert server.taken == []


async def test_that_text_that_no_server_keeps_is_told_before_anything_is_queued(edits: EditsModel) -> None:
    assert problem_of("fine") == ""
    for text in ("", "   ", "\0", "\ud800"):
        assert problem_of(text)
        with pytest.raises(FailedError):
            edits.comment([IMAGE], text)
    assert edits.pending == ()


async def test_that_the_number_of_edits_is_told_in_words(edits: EditsModel, server: Server) -> None:
    assert summary(edits.pending) == ""
    edits.comment([IMAGE], "one")
    assert summary(edits.pending) == "1 edit to be saved"
    edits.comment([IMAGE], "two")
    assert summary(edits.pending) == "2 edits to be saved"
    server.answers["one"] = [FailedError("No.")]
    edits.follow(State.ONLINE)
    await edits.finished()
    assert summary(edits.pending) == "1 edit not saved"


@pytest.mark.parametrize(
    ("entities", "annotate", "rename"),
    [
        ([], False, False),
        ([IMAGE], True, True),
        ([IMAGE, OTHER], True, False),
        ([changed(IMAGE, name="x" * (LONGEST_NAME - 1))], True, True),
        ([changed(IMAGE, name="x" * LONGEST_NAME)], True, False),
        ([changed(IMAGE, permissions=Permissions(can_annotate=True))], True, False),
        ([IMAGE, changed(OTHER, permissions=Permissions())], False, False),
        ([Entity(Ref(Kind.ORPHANED_IMAGES, 3), "Orphaned images", "", permissions=MAY)], False, False),
        ([Entity(Ref(Kind.WELL, 3), "A1", "", annotation_count=0, permissions=MAY)], True, False),
    ],
)
async def test_that_rights_and_kinds_say_what_can_be_changed(
    entities: list[Entity], annotate: bool, rename: bool
) -> None:
    assert (Summary(entities).can_annotate, can_rename(entities)) == (annotate, rename)
