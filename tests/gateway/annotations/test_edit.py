"""Edits over the wire: each kind on a real server, refusals, and what an interrupted try leaves behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import LONGEST, AddComment, AddTag, Author, Edit, Receipt, Rename
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.service.write import Write
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.gateway.conftest import Lab
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import running_server

ANNOTATABLE = (Kind.PROJECT, Kind.DATASET, Kind.IMAGE, Kind.SCREEN, Kind.PLATE, Kind.RUN, Kind.WELL)
NAMED = ANNOTATABLE[:-1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A library that these tests may change: ada and ben share two groups, of which one is read-only."""
    folder = tmp_path_factory.mktemp("edits-lab")
    lab = Lab()
    store = Store(folder)
    with store.write() as connection:
        groups = [
            create_group(store.schema, connection, name, rights)
            for name, rights in (("lab", "rwra--"), ("g", "rwr---"))
        ]
        for name in ("ada", "ben"):
            lab.ids[name] = create_user(
                store.schema, connection, name, first_name=name, last_name="Lab", groups=groups, password=name
            )
        ada, ben = (LibraryWriter(store, connection, lab[name], groups[0]) for name in ("ada", "ben"))
        _furnish(lab, ada, ben)
        (lab.ids["read-only"],) = LibraryWriter(store, connection, lab["ben"], groups[1]).named("Image", "Look only")
        (lab.ids["other group"],) = LibraryWriter(store, connection, lab["ada"], groups[1]).named("Image", "Mine")
    store.close()
    with running_server(folder) as lab.server:
        yield lab


def _furnish(lab: Lab, ada: LibraryWriter, ben: LibraryWriter) -> None:
    for kind in (Kind.PROJECT, Kind.DATASET, Kind.IMAGE, Kind.SCREEN, Kind.PLATE):
        (lab.ids[kind],) = ada.named(kind, f"My {kind}")
    (lab.ids[Kind.RUN],) = ada.add(Kind.RUN, {"plate_id": lab[Kind.PLATE]})
    (lab.ids[Kind.WELL],) = ada.add(Kind.WELL, {"plate_id": lab[Kind.PLATE], "row": 0, "column": 0})
    (lab.ids["ben's"],) = ben.named("Image", "Ben's")
    ben.add("TagAnnotation", {"textValue": "ben only"}, {"textValue": "both"}, {"textValue": "a set", "ns": "tagset"})
    ada.add("TagAnnotation", {"textValue": "both"})


@pytest_asyncio.fixture
async def service(lab: Lab) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


def tag(ref: Ref, text: str) -> AddTag:
    return AddTag((ref,), text)


def new_write(service: ServiceManager, edit: Edit) -> Write[Receipt]:
    author = Author.of(service.account)
    assert author is not None
    return write_of(edit, author)


async def run(service: ServiceManager, step: Callable[[LaneSession], Any]) -> Any:
    return await service.call(Lane.METADATA, step)


async def write(service: ServiceManager, edit: Edit) -> Receipt:
    return await service.write(Lane.METADATA, new_write(service, edit))


async def texts(service: ServiceManager, ref: Ref, kind: str = "CommentAnnotation") -> list[str]:
    rows = await run(
        service,
        lambda session: session.projection(
            f"select an.textValue from {ref.kind}AnnotationLink l join l.child an"
            f" where l.parent.id = :id and an.class = {kind} order by l.id",
            {"id": ref.id},
        ),
    )
    return [text for (text,) in rows]


async def value(service: ServiceManager, query: str, **parameters: Any) -> Any:
    rows = await run(service, lambda session: session.projection(query, parameters))
    return rows[0][0] if rows else None


@pytest.mark.parametrize("kind", ANNOTATABLE)
async def test_that_a_comment_hangs_on_anything_that_can_be_annotated(
    service: ServiceManager, lab: Lab, kind: str
) -> None:
    ref = Ref(kind, lab[kind])
    receipt = await write(service, AddComment(ref, "Look here"))
    assert receipt.ref == ref
    assert await texts(service, ref) == ["Look here"]
    said = "select an.textValue from CommentAnnotation an where an.id = :id and an.details.owner.id = :ada"
    assert await value(service, said, id=receipt.annotation_id, ada=lab["ada"]) == "Look here"


async def test_that_the_same_comment_can_be_made_twice_on_purpose(service: ServiceManager, lab: Lab) -> None:
    ref = Ref(Kind.IMAGE, lab["ben's"])
    first, second = [await write(service, AddComment(ref, "Again")) for _ in range(2)]
    assert first.annotation_id != second.annotation_id
    assert await texts(service, ref) == ["Again", "Again"]


async def test_that_an_edit_belongs_to_the_group_of_its_object(service: ServiceManager, lab: Lab) -> None:
    receipt = await write(service, AddComment(Ref(Kind.IMAGE, lab["other group"]), "Over there"))
    group = "select an.details.group.name from CommentAnnotation an where an.id = :id"
    assert await value(service, group, id=receipt.annotation_id) == "g"


@pytest.mark.parametrize(("name", "owner"), [("ben only", "ben"), ("both", "ada"), ("a set", "ada"), ("new", "ada")])
async def test_that_a_tag_is_the_users_own_or_the_groups_or_new(
    service: ServiceManager, lab: Lab, name: str, owner: str
) -> None:
    ref = Ref(Kind.IMAGE, lab[Kind.IMAGE])
    receipt = await write(service, AddTag((ref,), name))
    whose = "select an.details.owner.omeName from TagAnnotation an where an.id = :id and an.ns is null"
    assert await value(service, whose, id=receipt.annotation_id) == owner
    again = await write(service, AddTag((ref,), name))
    assert again == receipt
    assert (await texts(service, ref, "TagAnnotation")).count(name) == 1
    elsewhere = await write(service, AddTag((Ref(Kind.DATASET, lab[Kind.DATASET]),), name))
    assert elsewhere.annotation_id == receipt.annotation_id


@pytest.mark.parametrize("kind", NAMED)
async def test_that_what_has_a_name_can_be_renamed(service: ServiceManager, lab: Lab, kind: str) -> None:
    ref = Ref(kind, lab[kind])
    assert await write(service, Rename(ref, f"New {kind}")) == Receipt(ref, name=f"New {kind}")
    assert await value(service, f"select o.name from {kind} o where o.id = :id", id=ref.id) == f"New {kind}"


@pytest.mark.parametrize("edit", [AddComment, tag, Rename])
async def test_that_without_the_right_the_refusal_is_in_plain_words(
    service: ServiceManager, lab: Lab, edit: Callable[[Ref, str], Edit]
) -> None:
    with pytest.raises(FailedError, match="not allowed"):
        await write(service, edit(Ref(Kind.IMAGE, lab["read-only"]), "Mine now"))


@pytest.mark.parametrize("edit", [AddComment, tag, Rename])
async def test_that_an_edit_of_what_is_gone_says_so(
    service: ServiceManager, lab: Lab, edit: Callable[[Ref, str], Edit]
) -> None:
    with pytest.raises(FailedError, match="not there any more"):
        await write(service, edit(Ref(Kind.IMAGE, 987654), "Nowhere"))


async def test_that_a_name_that_somebody_else_changed_is_replaced_only_by_who_insists(
    service: ServiceManager, lab: Lab
) -> None:
    (ref,) = [Ref(Kind.SCREEN, lab[Kind.SCREEN])]
    await write(service, Rename(ref, "Ben's choice"))
    insisting = new_write(service, Rename(ref, "Ada's choice", was="What Ada saw"))
    with pytest.raises(FailedError, match="renamed this to “Ben's choice” meanwhile"):
        await service.write(Lane.METADATA, insisting)
    assert (await service.write(Lane.METADATA, insisting)).name == "Ada's choice"


async def test_that_another_users_session_sends_nothing(service: ServiceManager, lab: Lab) -> None:
    edit = new_write(service, AddComment(Ref(Kind.IMAGE, lab["ben's"]), "By ada"))
    await service.sign_in(lab.sign_in("ben"))
    with pytest.raises(FailedError, match="written by ada"):
        await service.write(Lane.METADATA, edit)
    assert "By ada" not in await texts(service, Ref(Kind.IMAGE, lab["ben's"]))


@pytest.mark.parametrize("make", [AddComment, tag, Rename])
async def test_that_a_try_that_got_there_is_found_and_not_repeated(
    service: ServiceManager, lab: Lab, make: Callable[[Ref, str], Edit]
) -> None:
    edit = new_write(service, make(Ref(Kind.DATASET, lab[Kind.DATASET]), f"Once by {make.__name__}"))
    await run(service, edit.prepare)
    assert await run(service, edit.find) is None
    sent = await run(service, edit.send)
    assert await run(service, edit.find) == sent
    # Somebody who does not know that it got there, and begins anew with the same write.
    await run(service, edit.prepare)
    assert await run(service, edit.send) == sent


async def test_that_an_equal_comment_of_somebody_else_is_not_taken_for_ones_own(
    service: ServiceManager, lab: Lab
) -> None:
    ref = Ref(Kind.IMAGE, lab["ben's"])
    edit = new_write(service, AddComment(ref, "Same words"))
    await run(service, edit.prepare)
    ben = ServiceManager()
    await ben.sign_in(lab.sign_in("ben"))
    await write(ben, AddComment(ref, "Same words"))
    ben.close()
    assert await run(service, edit.find) is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(str.strip))
async def test_that_any_text_comes_back_as_it_was_written(service: ServiceManager, lab: Lab, text: str) -> None:
    edit = new_write(service, AddComment(Ref(Kind.PLATE, lab[Kind.PLATE]), text))
    receipt = await service.write(Lane.METADATA, edit)
    said = "select an.textValue from CommentAnnotation an where an.id = :id"
    assert await value(service, said, id=receipt.annotation_id) == text
    assert await run(service, edit.find) == receipt


async def test_that_a_very_long_comment_is_kept_whole(service: ServiceManager, lab: Lab) -> None:
    text = "Ångström \N{MICROSCOPE} " * 50_000
    ref = Ref(Kind.SCREEN, lab[Kind.SCREEN])
    await write(service, AddComment(ref, text))
    assert (await texts(service, ref))[-1] == text


@pytest.mark.parametrize("make", [AddComment, tag, Rename])
@pytest.mark.parametrize("text", ["", "  \n", "null \0 here", "half a \ud83d pair"])
def test_that_text_that_no_server_keeps_is_refused_before_it_is_sent(
    make: Callable[[Ref, str], Edit], text: str
) -> None:
    with pytest.raises(FailedError):
        make(Ref(Kind.IMAGE, 1), text)


def test_that_a_name_has_an_end() -> None:
    Rename(Ref(Kind.IMAGE, 1), "n" * LONGEST)
    with pytest.raises(FailedError, match=str(LONGEST)):
        Rename(Ref(Kind.IMAGE, 1), "n" * (LONGEST + 1))
