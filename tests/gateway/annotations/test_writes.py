"""Every edit over the wire: who may make it, what it leaves, and that it is undone; looked at with plain omero-py."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import omero
import omero.model
import pytest
import pytest_asyncio
from omero.gateway import BlitzGateway
from omero.rtypes import rlong, rstring

from omero_desk.entities.annotations import OWN_PAIRS, RATING
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import (
    AT_ONCE,
    AddComment,
    AddTag,
    AttachFile,
    Edit,
    MoveTag,
    NameChannels,
    PutAnnotation,
    Receipt,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.annotations import attaching, many_pairs, ratings, removing
from omero_desk.gateway.annotations.tags import tag_sets
from omero_desk.gateway.service import deletion
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.gateway.annotations.scenes import CASES, PAIRS, Case, Outsider, inverse, new_write, write
from tests.gateway.conftest import Lab
from tests.support.present import present
from tests.support.server_process import ROOT_PASSWORD, running_server

GROUPS = ("rw----", "rwr---", "rwra--", "rwrw--")
MAY = {"rw----": set(), "rwr---": set(), "rwra--": {"annotate"}, "rwrw--": {"annotate", "write"}}
"""What a member may do with what others have."""
REFUSED = "not allowed|not there any more|did not delete"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Ada and ben, who share a group of each kind; a group's name is its permissions."""
    folder = tmp_path_factory.mktemp("writes-lab")
    lab = Lab()
    store = Store(folder)
    with store.write() as connection:
        groups = [create_group(store.schema, connection, rights, rights) for rights in GROUPS]
        lab.ids |= dict(zip(GROUPS, groups, strict=True))
        lab.ids["closing"] = create_group(store.schema, connection, "closing", "rwra--")
        groups.append(lab["closing"])
        for name in ("ada", "ben"):
            lab.ids[name] = create_user(
                store.schema, connection, name, first_name=name, last_name="Lab", groups=groups, password=name
            )
    store.close()
    with running_server(folder) as lab.server:
        yield lab


@contextmanager
def outsider(lab: Lab, name: str, password: str = "") -> Iterator[Outsider]:
    client = omero.client(host="localhost", port=present(lab.server).ssl_port)
    client.createSession(name, password or name)
    yield Outsider(client)
    client.closeSession()


@pytest.fixture(scope="module")
def ada(lab: Lab) -> Iterator[Outsider]:
    with outsider(lab, "ada") as ada:
        yield ada


@pytest.fixture(scope="module")
def ben(lab: Lab) -> Iterator[Outsider]:
    with outsider(lab, "ben") as ben:
        yield ben


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(lab: Lab) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file to attach."""
    path = tmp_path / f"{tmp_path.name} \N{MICROSCOPE}.txt"
    path.write_bytes(b"Attached\n" * 1000)
    return path


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_that_every_edit_of_ones_own_is_made_undone_and_made_again(
    service: ServiceManager, lab: Lab, ada: Outsider, path: Path, case: Case
) -> None:
    scene = ada.scene(lab["rw----"])
    before = ada.look(scene.ref)
    receipts = await write(service, case.make(scene, path))
    after = ada.look(scene.ref)
    assert after != before
    assert receipts[0].left_out == ()
    if not case.is_undone:
        assert receipts[0].inverse == ()
        return
    undone = await write(service, *inverse(receipts))
    assert ada.look(scene.ref) == before
    redone = await write(service, *inverse(undone))
    assert ada.look(scene.ref) == after
    await write(service, *inverse(redone))
    assert ada.look(scene.ref) == before


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_that_what_others_have_is_edited_as_the_group_permits(
    service: ServiceManager, lab: Lab, ben: Outsider, path: Path, case: Case, group: str
) -> None:
    scene = ben.scene(lab[group])
    before = ben.look(scene.ref)
    if group == "rw----" and case.name.startswith(("take off", "delete")):
        assert [receipt.inverse for receipt in await write(service, case.make(scene, path))] == [()]
        assert ben.look(scene.ref) == before  # what nobody sees is taken for gone already
        return
    if case.needs not in MAY[group]:
        with pytest.raises(FailedError, match=REFUSED):
            await write(service, case.make(scene, path))
        assert ben.look(scene.ref) == before
        assert case.name != "attach" or not ben.files(path.name)
        return
    receipts = await write(service, case.make(scene, path))
    assert ben.look(scene.ref) != before
    if case.is_undone_of_others:
        await write(service, *inverse(receipts))
        assert ben.look(scene.ref) == before
    else:
        assert receipts[0].inverse == ()


async def test_that_a_tag_is_on_a_thousand_images_after_one_read_and_one_write(
    service: ServiceManager, lab: Lab, ada: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = await made(ada, lab["rwr---"], AT_ONCE)
    sent = Rounds(monkeypatch)
    (new,) = await write(service, AddTag(refs, "new to all"))
    assert sent.rounds() == ["read", "saveAndReturnIds"]
    assert len(ada.on("Tag", new.annotation_id)) == AT_ONCE
    (off,) = await write(service, *new.inverse)
    assert sent.rounds() == ["read", "delete"]
    assert ada.on("Tag", new.annotation_id) == []
    (again,) = await write(service, *off.inverse)
    assert sent.rounds() == ["read", "saveAndReturnIds"]
    assert again.inverse == new.inverse
    await write(service, AddTag(refs, "new to all"))
    assert sent.rounds() == ["read"]
    assert len(ada.on("Tag", new.annotation_id)) == AT_ONCE


async def test_that_a_thousand_images_are_rated_after_one_read_and_one_write(
    service: ServiceManager, lab: Lab, ada: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = await made(ada, lab["rwr---"], AT_ONCE)
    sent = Rounds(monkeypatch)
    (first,) = await write(service, SetRating(refs, 2))
    assert sent.rounds() == ["read", "saveArray"]
    (second,) = await write(service, SetRating(refs, 5))
    assert sent.rounds() == ["read", "saveArray"]
    assert (first.inverse, second.inverse) == ((SetRating(refs, 0),), (SetRating(refs, 2),))
    await write(service, SetRating(refs, 0))
    assert sent.rounds() == ["read", "delete"]
    assert ada.rated(refs) == {}


DOSE = (("dose", "1"),)


async def test_that_a_thousand_images_have_other_pairs_after_one_read_and_one_write(
    service: ServiceManager, lab: Lab, ada: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = await made(ada, lab["rwr---"], AT_ONCE)
    nothing, none = ((),) * AT_ONCE, (None,) * AT_ONCE
    first = tuple((("dose", str(n)), ("x", "y"), ("x", "z")) for n in range(AT_ONCE))
    sent = Rounds(monkeypatch)
    (new,) = await write(service, SetManyPairs(refs, none, first, nothing))
    assert sent.rounds() == ["read", "saveAndReturnArray"]
    assert ada.pairs(refs) == {ref.id: [list(pairs)] for ref, pairs in zip(refs, first, strict=True)}
    (back,) = new.inverse
    assert isinstance(back, SetManyPairs)
    second = tuple((("x", "y"), ("x", "z"), ("dose", "same")) for _ in refs)
    (changed,) = await write(service, SetManyPairs(refs, back.annotation_ids, second, first))
    assert sent.rounds() == ["read", "saveAndReturnArray"]
    await write(service, *changed.inverse)
    assert sent.rounds() == ["read", "saveAndReturnArray"]
    assert ada.pairs(refs) == {ref.id: [list(pairs)] for ref, pairs in zip(refs, first, strict=True)}
    (undone,) = await write(service, back)
    assert sent.rounds() == ["read", "delete"]
    assert ada.pairs(refs) == {}
    (redone,) = await write(service, *undone.inverse)
    assert sent.rounds() == ["read", "saveAndReturnArray"]
    await write(service, SetManyPairs(refs, none, first, nothing))
    assert sent.rounds() == ["read"], "they have them already"
    await write(service, *redone.inverse)
    assert ada.pairs(refs) == {}


async def test_that_only_the_keys_that_were_changed_are_written_and_what_others_changed_is_told_for_each_object(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    group = lab["rwrw--"]
    was = (("k", "1"), ("dose", "1"), ("k", "2"))
    refs = await made(ada, group, 3)
    ids = tuple(ada.map([ref.id], group, was) for ref in refs)
    others = {
        ids[0]: (("k", "1"), ("dose", "1"), ("ben", "new"), ("k", "2")),
        ids[1]: (("dose", "90"), ("k", "1"), ("k", "2")),
    }
    for identity, pairs in others.items():
        ben.change("MapAnnotation", identity, group, {"mapValue": [omero.model.NamedValue(*one) for one in pairs]})
    wanted = (("k", "1"), ("dose", "7"), ("k", "2"), ("new", "x"))
    (receipt,) = await write(service, SetManyPairs(refs, ids, (wanted,) * 3, (was,) * 3))
    assert receipt.conflicts == ((refs[1], "dose"),)
    assert ada.pairs(refs) == {
        refs[0].id: [[("k", "1"), ("dose", "7"), ("ben", "new"), ("k", "2"), ("new", "x")]],
        refs[1].id: [[("dose", "90"), ("k", "1"), ("k", "2"), ("new", "x")]],
        refs[2].id: [list(wanted)],
    }
    ben.change("MapAnnotation", ids[2], group, {"mapValue": [omero.model.NamedValue("later", "1"), *named(wanted)]})
    await write(service, *receipt.inverse)
    assert ada.pairs(refs) == {
        refs[0].id: [list(others[ids[0]])],
        refs[1].id: [list(others[ids[1]])],
        refs[2].id: [[("later", "1"), *was]],
    }


async def test_that_a_conflict_of_all_is_told_and_replaced_only_by_who_insists(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    group = lab["rwrw--"]
    refs = await made(ada, group, 2)
    ids = tuple(ada.map([ref.id], group, DOSE) for ref in refs)
    for identity in ids:
        ben.change("MapAnnotation", identity, group, {"mapValue": named((("dose", "90"),))})
    edits = [
        new_write(service, SetManyPairs(refs[:number], ids[:number], ((("dose", "7"),),) * number, (DOSE,) * number))
        for number in (1, 2)
    ]
    with pytest.raises(FailedError, match=r"meanwhile\. Now they are: dose: 90"):
        await service.write(Lane.METADATA, edits[0])
    with pytest.raises(FailedError, match="of these 2 objects meanwhile"):
        await service.write(Lane.METADATA, edits[1])
    assert ada.pairs(refs) == {ref.id: [[("dose", "90")]] for ref in refs}
    receipt = await service.write(Lane.METADATA, edits[1])
    assert ada.pairs(refs) == {ref.id: [[("dose", "7")]] for ref in refs}
    await write(service, *receipt.inverse)
    assert ada.pairs(refs) == {ref.id: [[("dose", "90")]] for ref in refs}


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
@pytest.mark.parametrize("deed", ["change", "delete", "make", "share", "image"])
async def test_that_what_happens_to_one_of_many_is_met_and_the_others_go_on(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider, moment: str, deed: str
) -> None:
    group = lab["rwrw--"]
    refs = await made(ada, group, 3)
    maker = deed == "make"
    ids = (None if maker else ada.map([refs[0].id], group, DOSE), ada.map([refs[1].id], group, DOSE))
    was = (() if maker else DOSE, DOSE)
    wanted = (("dose", "7"), ("new", "x"))
    spare = refs[2].id

    def happens() -> None:
        if deed == "change":
            ben.change("MapAnnotation", present(ids[0]), group, {"mapValue": named((("dose", "90"),))})
        elif deed == "delete":
            ben.delete("MapAnnotation", present(ids[0]))
        elif deed == "make":
            ada.map([refs[0].id], group, (("dose", "90"), ("other", "1")))
        elif deed == "share":
            ben.link("Map", spare, present(ids[0]), group)
        else:
            ben.delete("Image", refs[0].id)

    edit = new_write(service, SetManyPairs(refs[:2], ids, (wanted, wanted), was))
    if moment == "before":
        happens()
    else:
        interrupt(edit, happens)
    receipt = await service.write(Lane.METADATA, edit)
    found = ada.pairs(refs)
    assert found[refs[1].id] == [list(wanted)]
    assert receipt.left_out == ((refs[0],) if deed == "image" else ())
    if deed in ("share", "make") and moment == "meanwhile":  # no server tells of that, but nothing is lost
        assert found[refs[0].id] == (
            [list(wanted)] if deed == "share" else [[("dose", "90"), ("other", "1")], list(wanted)]
        )
        return
    now = {
        "change": [[("dose", "90"), ("new", "x")]],
        "delete": [[("new", "x")]],
        "make": [[("dose", "90"), ("other", "1"), ("new", "x")]],
        "share": [list(DOSE)],
    }
    keys = {"change": ["dose"], "delete": ["dose"], "make": ["dose"], "share": ["dose", "new"], "image": []}
    assert receipt.conflicts == tuple((refs[0], key) for key in keys[deed])
    assert found.get(refs[0].id) == now.get(deed)


async def test_that_what_may_not_be_annotated_is_left_out_and_the_others_get_their_pairs(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    group = lab["rwr---"]
    mine, theirs = await made(ada, group, 1), await made(ben, group, 2)
    foreign = ben.map([theirs[0].id], group, DOSE)
    refs = (*mine, *theirs)
    edit = SetManyPairs(refs, (None, foreign, None), ((("dose", "2"),),) * 3, ((), DOSE, ()))
    (receipt,) = await write(service, edit)
    assert receipt.left_out == theirs
    assert ada.pairs(refs) == {mine[0].id: [[("dose", "2")]], theirs[0].id: [list(DOSE)]}
    with pytest.raises(FailedError, match="not allowed"):
        await write(service, SetManyPairs(theirs, (foreign, None), ((("dose", "3"),),) * 2, (DOSE, ())))


def named(pairs: Sequence[tuple[str, str]]) -> list[omero.model.NamedValue]:
    return [omero.model.NamedValue(*pair) for pair in pairs]


async def test_that_images_get_back_each_its_own_stars(service: ServiceManager, lab: Lab, ada: Outsider) -> None:
    refs = await made(ada, lab["rwr---"], 4)
    await write(service, SetRating(refs[:1], 1), SetRating(refs[1:3], 4))
    (receipt,) = await write(service, SetRating(refs, 4))
    assert receipt.inverse == (SetRating(refs[:1], 1), SetRating(refs[3:], 0))
    await write(service, *receipt.inverse)
    assert ada.rated(refs) == {refs[0].id: [1], refs[1].id: [4], refs[2].id: [4]}


async def test_that_a_rating_that_is_on_several_images_is_changed_only_on_those_that_are_rated(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    refs = await made(ada, lab["rwr---"], 2)
    images = [ref.id for ref in refs]
    shared = ada.annotated("Long", images, lab["rwr---"], longValue=rlong(2), ns=rstring(RATING))
    (receipt,) = await write(service, SetRating(refs[:1], 5))
    assert ada.rated(refs) == {images[0]: [5], images[1]: [2]}
    assert ada.on("Long", shared) == images[1:]
    await write(service, *receipt.inverse)
    assert ada.rated(refs) == {images[0]: [2], images[1]: [2]}


async def test_that_only_ones_own_stars_are_changed(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    (ref,) = await made(ben, lab["rwra--"], 1)
    ben.annotated("Long", [ref.id], lab["rwra--"], longValue=rlong(1), ns=rstring(RATING))
    await write(service, SetRating((ref,), 5))
    assert ben.rated((ref,)) == {ref.id: [1, 5]}
    await write(service, SetRating((ref,), 0))
    assert ben.rated((ref,)) == {ref.id: [1]}


@pytest.mark.parametrize("tag", ["new", "known", "put"])
async def test_that_what_may_not_be_annotated_is_left_out_and_the_others_are_tagged(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider, tag: str
) -> None:
    group = lab["rwr---"]
    mine, theirs = await made(ada, group, 2), await made(ben, group, 1)
    gone = Ref(Kind.IMAGE, 987_654_321)
    known = ada.annotated("Tag", [mine[0].id], group, textValue=rstring(f"known {mine[0].id}"))
    refs = (mine[0], *theirs, gone, mine[1])
    edits: dict[str, Edit] = {
        "new": AddTag(refs, f"new {mine[0].id}"),
        "known": AddTag(refs, f"known {mine[0].id}"),
        "put": PutAnnotation(refs, "Tag", known, "known"),
    }
    (receipt,) = await write(service, edits[tag])
    assert receipt.left_out == (*theirs, gone)
    assert receipt.annotation_id is not None
    assert ada.on("Tag", receipt.annotation_id) == [ref.id for ref in mine]
    new = mine if tag == "new" else mine[1:]
    assert [edit.refs for edit in receipt.inverse] == [new]


async def test_that_others_links_stay_when_a_tag_is_taken_off_and_put_back(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    group = lab["rwra--"]
    refs = await made(ben, group, 3)
    tag = ben.annotated("Tag", [ref.id for ref in refs[:2]], group, textValue=rstring(f"both {refs[0].id}"))
    for ref in refs[1:]:
        ada.link("Tag", ref.id, tag, group)
    (receipt,) = await write(service, TakeOff(refs, "Tag", tag, "both"))
    assert ben.on("Tag", tag) == [ref.id for ref in refs[:2]]
    assert receipt.left_out == refs[:2]
    assert receipt.inverse == (PutAnnotation(refs[2:], "Tag", tag, "both"),)


async def test_that_a_tag_is_added_though_another_adds_it_meanwhile(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    group = lab["rwr---"]
    refs = await made(ada, group, 3)
    tag = ada.annotated("Tag", [], group, textValue=rstring(f"quick {refs[0].id}"))
    edit = AddTag(refs, f"quick {refs[0].id}")
    receipt = await interrupted(service, edit, lambda: ada.link("Tag", refs[1].id, tag, group))
    assert ada.on("Tag", tag) == [ref.id for ref in refs]
    assert receipt.annotation_id == tag


async def test_that_a_tag_that_is_deleted_meanwhile_is_made_anew(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    refs = await made(ada, lab["rwr---"], 2)
    tag = ada.annotated("Tag", [], lab["rwr---"], textValue=rstring(f"short-lived {refs[0].id}"))
    edit = AddTag(refs, f"short-lived {refs[0].id}")
    receipt = await interrupted(service, edit, lambda: ada.delete("TagAnnotation", tag))
    assert receipt.annotation_id not in (None, tag)
    assert ada.on("Tag", receipt.annotation_id) == [ref.id for ref in refs]


async def test_that_an_image_that_is_deleted_meanwhile_is_left_out(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    refs = await made(ada, lab["rwr---"], 3)
    receipt = await interrupted(service, AddTag(refs, f"some {refs[0].id}"), lambda: ada.delete("Image", refs[1].id))
    assert receipt.left_out == (refs[1],)
    assert ada.on("Tag", receipt.annotation_id) == [refs[0].id, refs[2].id]


@pytest.mark.parametrize("name", ["new tag", "put", "rate", "new pairs", "comment", "attach", "channels", "rename"])
async def test_that_a_right_that_is_withdrawn_meanwhile_is_told_and_nothing_is_left(
    service: ServiceManager, lab: Lab, ben: Outsider, path: Path, name: str
) -> None:
    right = "rwrw--" if name in ("channels", "rename") else "rwra--"
    with outsider(lab, "root", ROOT_PASSWORD) as root:
        root.permit(lab["closing"], right)
    scene = ben.scene(lab["closing"])
    before = ben.look(scene.ref)
    edit = next(case for case in CASES if case.name == name).make(scene, path)
    with outsider(lab, "root", ROOT_PASSWORD) as root, pytest.raises(FailedError, match="not allowed"):
        await interrupted(service, edit, lambda: root.permit(lab["closing"], "rwr---"))
    assert ben.look(scene.ref) == before
    assert ben.files(path.name) == []


async def test_that_a_link_that_is_taken_off_meanwhile_is_no_error(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    refs = await made(ada, lab["rwr---"], 2)
    tag = ada.annotated("Tag", [refs[1].id], lab["rwr---"], textValue=rstring("going"))
    link = ada.link("Tag", refs[0].id, tag, lab["rwr---"])
    await interrupted(service, TakeOff(refs, "Tag", tag, "going"), lambda: ada.delete("ImageAnnotationLink", link))
    assert ada.on("Tag", tag) == []


async def test_that_a_tag_of_another_group_is_told(service: ServiceManager, lab: Lab, ada: Outsider) -> None:
    refs = await made(ada, lab["rwr---"], 1)
    tag = ada.annotated("Tag", [], lab["rwra--"], textValue=rstring("elsewhere"))
    with pytest.raises(FailedError, match="in another group"):
        await write(service, PutAnnotation(refs, "Tag", tag, "elsewhere"))


async def test_that_a_name_of_another_kind_reaches_no_query(service: ServiceManager, lab: Lab, ada: Outsider) -> None:
    refs = await made(ada, lab["rwr---"], 1)
    with pytest.raises(FailedError, match="not there any more"):
        await write(service, PutAnnotation(refs, "Tag an where 1=1 or an", 1, "odd"))


CLASSES = {"map": "MapAnnotation", "tag": "TagAnnotation", "comment": "CommentAnnotation"}
CHANGED = (
    ("pairs", {"mapValue": [omero.model.NamedValue("ben", "was here")]}, "map", "ben: was here"),
    ("no pairs", {"mapValue": [omero.model.NamedValue("ben", "was here")]}, "map", "ben: was here"),
    ("edit tag", {"textValue": rstring("Ben's")}, "tag", "Ben's – why"),  # noqa: RUF001 - a dash
    ("edit comment", {"textValue": rstring("Ben's")}, "comment", "Ben's"),
    ("describe", {"description": rstring("Ben's")}, "", "Ben's"),
    ("undescribe", {"description": rstring("Ben's")}, "", "Ben's"),
    ("rename", {"name": rstring("Ben's")}, "", "Ben's"),
)


@pytest.mark.parametrize(
    ("name", "values", "what", "told", "moment"),
    [*((*each, "before") for each in CHANGED), *((*each, "meanwhile") for each in CHANGED if each[0] != "no pairs")],
)
async def test_that_what_another_has_changed_is_told_and_replaced_only_by_who_insists(
    service: ServiceManager,
    lab: Lab,
    ada: Outsider,
    ben: Outsider,
    tmp_path: Path,
    name: str,
    values: dict[str, Any],
    what: str,
    told: str,
    moment: str,
) -> None:
    scene = ada.scene(lab["rwrw--"])
    case = next(case for case in CASES if case.name == name)
    edit = new_write(service, case.make(scene, tmp_path))

    def change() -> None:
        ben.change(CLASSES.get(what, "Image"), scene.ids.get(what, scene.ref.id), scene.group, values)

    if moment == "before":
        change()
    else:
        interrupt(edit, change)
    with pytest.raises(FailedError, match=f"(?s)meanwhile.*{told}|{told}.*meanwhile"):
        await service.write(Lane.METADATA, edit)
    theirs = ben.look(scene.ref)
    await service.write(Lane.METADATA, edit)
    assert ben.look(scene.ref) != theirs


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
@pytest.mark.parametrize(
    ("name", "what"), [("pairs", "map"), ("edit tag", "tag"), ("edit comment", "comment"), ("rename", "")]
)
async def test_that_what_another_has_deleted_is_told(
    service: ServiceManager,
    lab: Lab,
    ada: Outsider,
    ben: Outsider,
    tmp_path: Path,
    name: str,
    what: str,
    moment: str,
) -> None:
    scene = ada.scene(lab["rwrw--"])
    edit = new_write(service, next(case for case in CASES if case.name == name).make(scene, tmp_path))

    def delete() -> None:
        ben.delete(CLASSES.get(what, "Image"), scene.ids.get(what, scene.ref.id))

    if moment == "before":
        delete()
    else:
        interrupt(edit, delete)
    with pytest.raises(FailedError, match="not there any more"):
        await service.write(Lane.METADATA, edit)


async def test_that_channels_get_back_the_names_that_each_image_had(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    group = lab["rwr---"]
    images = [ada.image(group, *names) for names in (("a", "b"), ("c", "d"), ("a", "b"), ("a", "New"))]
    refs = tuple(Ref(Kind.IMAGE, image) for image in images)
    before = [ada.look(ref) for ref in refs]
    (receipt,) = await write(service, NameChannels(refs, ("", "New", "one too many")))
    assert [ada.look(ref)[2] for ref in refs] == [
        [["a"], ["New"]],
        [["c"], ["New"]],
        [["a"], ["New"]],
        [["a"], ["New"]],
    ]
    assert receipt.inverse == (
        NameChannels((refs[0], refs[2]), ("", "b")),
        NameChannels((refs[1],), ("", "d"), ("c", "New")),
    )
    await write(service, *receipt.inverse)
    assert [ada.look(ref) for ref in refs] == before


async def test_that_names_of_channels_that_another_gave_are_told(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    ref = Ref(Kind.IMAGE, ada.image(lab["rwr---"], "DAPI", "Ben's"))
    edit = new_write(service, NameChannels((ref,), ("Blue", "Green"), ("DAPI", "GFP")))
    with pytest.raises(FailedError, match="“DAPI, Ben's” meanwhile"):
        await service.write(Lane.METADATA, edit)
    await service.write(Lane.METADATA, edit)
    assert ada.look(ref)[2] == [["Blue"], ["Green"]]


async def test_that_an_annotation_on_several_objects_is_not_brought_back_by_halves(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    refs = await made(ada, lab["rwr---"], 2)
    pairs = [omero.model.NamedValue(*pair) for pair in PAIRS]
    shared = ada.annotated("Map", [ref.id for ref in refs], lab["rwr---"], mapValue=pairs, ns=rstring(OWN_PAIRS))
    (receipt,) = await write(service, SetPairs(refs[0], shared, (), PAIRS))
    assert receipt.inverse == ()
    assert ada.gone("MapAnnotation", shared)


async def test_that_a_comment_that_others_share_stays_until_its_last_link(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    refs = await made(ada, lab["rwr---"], 2)
    shared = ada.annotated("Comment", [ref.id for ref in refs], lab["rwr---"], textValue=rstring("for both"))
    (first,) = await write(service, TakeOff(refs[:1], "Comment", shared, "for both"))
    assert first.inverse == (PutAnnotation(refs[:1], "Comment", shared, "for both"),)
    (second,) = await write(service, TakeOff(refs[1:], "Comment", shared, "for both"))
    assert second.inverse == (AddComment(refs[1], "for both"),)
    assert ada.gone("CommentAnnotation", shared)


@pytest.mark.parametrize("size", [0, 1, 2_500_000])
async def test_that_a_file_is_on_all_objects_byte_for_byte(
    service: ServiceManager, lab: Lab, ada: Outsider, path: Path, size: int
) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    path.write_bytes(content)
    refs = await made(ada, lab["rwr---"], 3)
    (receipt,) = await write(service, AttachFile(refs, str(path), path.name, "text/plain", "<b>why</b>"))
    assert receipt.annotation_id is not None
    assert ada.on("File", receipt.annotation_id) == [ref.id for ref in refs]
    identity, told, digest = ada.files(path.name)[-1]
    assert told == size
    assert not size or digest == hashlib.sha1(content).hexdigest()
    assert ada.content(identity) == content
    assert receipt.inverse == (TakeOff(refs, "File", receipt.annotation_id, path.name),)


def becomes_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def grows(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (Path.unlink, "not there any more"),
        (lambda path: (path.unlink(), path.symlink_to(path)), "cannot be read"),
        (lambda path: (path.unlink(), path.mkdir()), "is not a file"),
        (becomes_a_pipe, "is not a file"),
    ],
    ids=["gone", "endless", "folder", "pipe"],
)
async def test_that_a_file_that_cannot_be_read_is_told(
    service: ServiceManager, lab: Lab, ada: Outsider, path: Path, happens: Callable[[Path], object], told: str
) -> None:
    name = f"{told} {path.name}"
    happens(path)
    refs = await made(ada, lab["rwr---"], 1)
    with pytest.raises(FailedError, match=told):
        await write(service, AttachFile(refs, str(path), name))
    assert ada.files(name) == []


@pytest.mark.parametrize("change", [grows, lambda path: os.truncate(path, 10)], ids=["grows", "shrinks"])
async def test_that_a_file_that_changes_while_it_is_read_is_told_and_leaves_nothing(
    service: ServiceManager,
    lab: Lab,
    ada: Outsider,
    path: Path,
    change: Callable[[Path], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attaching, "BLOCK", 1000)
    refs = await made(ada, lab["rwr---"], 1)
    edit = new_write(service, AttachFile(refs, str(path), f"changing {refs[0].id}"))
    blocks = edit._blocks

    def changing(file: Any) -> Iterator[bytes]:
        reading = blocks(file)
        yield next(reading)
        change(path)
        yield from reading

    edit._blocks = changing
    with pytest.raises(FailedError, match="was changed while"):
        await service.write(Lane.METADATA, edit)
    assert ada.files(f"changing {refs[0].id}") == []
    assert ada.look(refs[0])[3] == []


async def made(owner: Outsider, group: int, number: int) -> tuple[Ref, ...]:
    """Return new images."""
    return tuple(Ref(Kind.IMAGE, image) for image in await asyncio.to_thread(owner.images, group, number))


def interrupt(edit: Any, meanwhile: Callable[[], object]) -> None:
    """Have something happen once, after an edit has read and before it saves."""
    save, waiting = edit._save, [meanwhile]

    def interrupted(*arguments: Any) -> Any:
        while waiting:
            waiting.pop()()
        return save(*arguments)

    edit._save = interrupted


async def interrupted(service: ServiceManager, edit: Edit, meanwhile: Callable[[], object]) -> Receipt:
    """Send an edit, while something happens after it has read and before it saves."""
    write = new_write(service, edit)
    interrupt(write, meanwhile)
    receipt: Receipt = await service.write(Lane.METADATA, write)
    return receipt


class Rounds:
    """The round trips of the gateways of a process: what is asked for at once is one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._sent: list[str] = []
        for name in ("getQueryService", "getUpdateService"):
            monkeypatch.setattr(BlitzGateway, name, self._recorded(getattr(BlitzGateway, name)))
        for module in (removing, ratings, many_pairs):
            monkeypatch.setattr(module, "delete", self._deleted)

    def rounds(self) -> list[str]:
        """Return what was sent since the last call, without repetitions of what was waited for together."""
        sent, self._sent = self._sent, []
        return [name for name, _ in groupby(sent)]

    def _deleted(self, *arguments: Any) -> dict[str, list[int]]:
        self._sent.append("delete")
        return deletion.delete(*arguments)

    def _recorded(self, service: Callable[[BlitzGateway], Any]) -> Callable[[BlitzGateway], Any]:
        return lambda gateway: _Recorded(service(gateway), self._sent)


class _Recorded:
    def __init__(self, service: Any, sent: list[str]) -> None:
        self._service, self._sent = service, sent

    def __getattr__(self, name: str) -> Any:
        if name.startswith("begin_"):
            self._sent.append("read")
        elif not name.startswith("end_"):
            self._sent.append(name)
        return getattr(self._service, name)


# Sets of tags


async def test_that_a_new_tag_is_described_and_in_a_set_and_an_old_one_stays_as_it_is(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    group = lab["rwra--"]
    refs = tuple(Ref(Kind.IMAGE, one) for one in ada.images(group, 3))
    name, stains = f"in a set {refs[0].id}", ada.tag_set(f"stains {refs[0].id}", group)
    (new,) = await write(service, AddTag(refs[:2], name, "why", stains))
    assert ada.on("Tag", new.annotation_id) == [ref.id for ref in refs[:2]]
    assert ada.sets_of(new.annotation_id) == {f"stains {refs[0].id}": (1, "ada")}
    assert ada.look(refs[0])[3] == [("TagAnnotationI", "None", "why", name, "None", "[]", "")]
    (again,) = await write(service, AddTag(refs[2:], name, "another", ada.tag_set("others", group)))
    assert again.annotation_id == new.annotation_id
    assert ada.sets_of(new.annotation_id) == {f"stains {refs[0].id}": (1, "ada")}, "it is no new one"
    back = await write(service, *inverse([new, again]))
    assert ada.on("Tag", new.annotation_id) == []
    assert ada.sets_of(new.annotation_id) == {f"stains {refs[0].id}": (1, "ada")}, "the tag itself stays"
    await write(service, *inverse(back))
    assert ada.on("Tag", new.annotation_id) == [ref.id for ref in refs]


async def test_that_a_tag_is_moved_between_sets_and_back_and_others_that_it_is_in_stay(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    scene = ada.scene(lab["rwr---"])
    tag = scene.ids["tag"]
    old, kept = (ada.tag_set(name, scene.group, tag) for name in ("old", "kept"))
    new = ada.tag_set("new", scene.group)
    moved = await write(service, MoveTag(scene.ref, tag, "control", (new,), (old,)))
    assert ada.sets_of(tag) == {"new": (1, "ada"), "kept": (1, "ada")}
    again = await write(service, MoveTag(scene.ref, tag, "control", (new,), (old,)))
    assert ada.sets_of(tag).keys() == {"new", "kept"}
    assert not inverse(again)
    back = await write(service, *inverse(moved))
    assert ada.sets_of(tag).keys() == {"old", "kept"}
    await write(service, *inverse(back))
    assert ada.sets_of(tag).keys() == {"new", "kept"}
    out = await write(service, MoveTag(scene.ref, tag, "control", (), (new, kept)))
    assert ada.sets_of(tag) == {}
    await write(service, *inverse(out))
    assert ada.sets_of(tag).keys() == {"new", "kept"}


async def test_that_a_tag_is_moved_to_a_new_set_and_one_of_that_name_is_not_made_twice(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    scene = ada.scene(lab["rw----"])
    tag, spare, name = scene.ids["tag"], scene.ids["spare"], f"<set> {scene.ref.id}"
    old = ada.tag_set("before", scene.group, tag)
    moved = await write(service, MoveTag(scene.ref, tag, "control", (), (old,), name))
    assert ada.sets_of(tag) == {name: (1, "ada")}
    await write(service, MoveTag(scene.ref, spare, "spare", (), (), name))
    assert ada.sets_of(spare) == {name: (1, "ada")}
    edit = inverse(moved)[0]
    assert isinstance(edit, MoveTag)
    (made,) = edit.off
    assert edit.to == (old,)
    back = await write(service, edit)
    assert ada.sets_of(tag).keys() == {"before"}
    await write(service, *inverse(back))
    assert ada.sets_of(tag) == {name: (1, "ada")}
    await write(service, MoveTag(scene.ref, tag, "control", (), (made,), name))
    assert ada.sets_of(tag) == {name: (1, "ada")}, "it is in the set that it was to be moved to"


async def test_that_a_move_that_may_not_be_done_as_a_whole_is_not_begun(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    scene = ada.scene(lab["rwra--"])
    tag = scene.ids["tag"]
    bens, own = ben.tag_set("ben's", scene.group, tag), ada.tag_set("own", scene.group)
    with pytest.raises(FailedError, match="may not take it out"):
        await write(service, MoveTag(scene.ref, tag, "control", (own,), (bens,)))
    assert ada.sets_of(tag) == {"ben's": (1, "ben")}
    other = ada.tag_set("elsewhere", lab["rw----"])
    with pytest.raises(FailedError, match="not there any more"):
        await write(service, MoveTag(scene.ref, tag, "control", (other,)))
    with pytest.raises(FailedError, match="not there any more"):
        await write(service, AddTag((scene.ref,), f"never {tag}", "", other))
    await write(service, MoveTag(scene.ref, scene.ids["spare"], "spare", (bens,)))
    assert ada.sets_of(scene.ids["spare"]) == {"ben's": (1, "ben")}, "a link of one's own, where one may annotate"
    read = ada.scene(lab["rwr---"])
    foreign = ben.tag_set("read only", read.group)
    before = ada.look(read.ref)
    for edit in (
        MoveTag(read.ref, read.ids["tag"], "control", (foreign,)),
        AddTag((read.ref,), f"never {foreign}", "", foreign),
    ):
        with pytest.raises(FailedError, match="not allowed to put tags"):
            await write(service, edit)
    assert ada.sets_of(read.ids["tag"]) == {}
    assert ada.look(read.ref) == before


async def test_that_a_move_whose_reply_was_lost_or_that_was_done_by_half_is_made_once(
    service: ServiceManager, lab: Lab, ada: Outsider
) -> None:
    scene = ada.scene(lab["rw----"])
    tag, name = scene.ids["tag"], f"once {scene.ref.id}"
    old = ada.tag_set("half", scene.group, tag)
    moving = new_write(service, MoveTag(scene.ref, tag, "control", (), (old,), name))
    first = await service.write(Lane.METADATA, moving)
    assert await service.call(Lane.METADATA, moving.find) == first
    assert await service.write(Lane.METADATA, moving) == first
    assert ada.sets_of(tag) == {name: (1, "ada")}
    half = ada.scene(lab["rw----"])
    tag = half.ids["tag"]
    old, new = ada.tag_set("from", half.group, tag), ada.tag_set("to", half.group, tag)
    await write(service, MoveTag(half.ref, tag, "control", (new,), (old,)))
    assert ada.sets_of(tag) == {"to": (1, "ada")}


async def test_that_the_sets_of_a_group_are_read_with_their_tags(
    service: ServiceManager, lab: Lab, ada: Outsider, ben: Outsider
) -> None:
    scene = ada.scene(lab["rwr---"])
    name, tag = f"read {scene.ref.id}", scene.ids["tag"]
    own, others = ada.tag_set(name, scene.group, tag), ben.tag_set(f"{name} too", scene.group)
    found = {one.id: one for one in await service.call(Lane.METADATA, tag_sets, scene.group)}
    assert (found[own].text, found[own].tags, found[own].can_add) == (name, frozenset({tag}), True)
    assert (found[others].tags, found[others].can_add) == (frozenset(), False)
    assert own not in {one.id for one in await service.call(Lane.METADATA, tag_sets, lab["rw----"])}
