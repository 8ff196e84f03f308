"""Each edit beside those of another user: nothing is lost, and what cannot be merged is told.

Whatever the client makes is looked at, and everything that happens meanwhile is done, by an unmodified omero-py client
of the other user. What another does between an edit's reading and its saving is put there by the test.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import omero
import omero.model
import pytest
import pytest_asyncio
from omero.rtypes import rbool, rdouble, rstring, unwrap

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import AddComment, AddTag, Author, Edit, Rename
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.rois import SaveShapes, Shape, ShapeChange, ShapesReceipt, StoredShape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.gateway.annotations import writes as annotation_writes
from omero_desk.gateway.rois import writes as shape_writes
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.gateway.conftest import Lab
from tests.support.present import present
from tests.support.server_process import running_server

KINDS = (Kind.PROJECT, Kind.DATASET, Kind.IMAGE, Kind.SCREEN, Kind.PLATE)
POINT = Shape(ShapeKind.POINT, (3.0, 4.0), "mine", z=1)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Ada and ben, in a group whose members change each other's data."""
    folder = tmp_path_factory.mktemp("concurrent-lab")
    lab = Lab()
    store = Store(folder)
    with store.write() as connection:
        lab.ids["group"] = create_group(store.schema, connection, "lab", "rwrw--")
        for name in ("ada", "ben"):
            lab.ids[name] = create_user(
                store.schema, connection, name, first_name=name, last_name="Lab", groups=[lab["group"]], password=name
            )
    store.close()
    with running_server(folder) as lab.server:
        yield lab


class Ben:
    """The other user, with nothing but omero-py."""

    def __init__(self, client: Any) -> None:
        session = client.getSession()
        self.query, self.update = session.getQueryService(), session.getUpdateService()

    def made(self, kind: str) -> Ref:
        """Make an object with everything that an edit could lose."""
        thing = getattr(omero.model, kind + "I")()
        thing.name, thing.description = rstring("Found"), rstring("Kept")
        tag, comment = omero.model.TagAnnotationI(), omero.model.CommentAnnotationI()
        tag.textValue, comment.textValue = rstring(f"Tag of {kind}"), rstring("Ben's")
        for annotation in (tag, comment):
            thing.linkAnnotation(annotation)
        if kind == Kind.PROJECT:
            thing.linkDataset(self._named("Dataset"))
        if kind == Kind.DATASET:
            thing.linkImage(self._named("Image"))
        if kind == Kind.SCREEN:
            thing.linkPlate(self._named("Plate"))
        return Ref(kind, self.update.saveAndReturnObject(thing).id.val)

    def whole(self, ref: Ref) -> dict[str, Any]:
        """Return all values of an object and how much hangs on it."""
        thing = self.query.get(ref.kind, ref.id)
        found = {name: unwrap(each) for name, each in vars(thing).items() if isinstance(each, omero.RType)}
        for link in [name for name in vars(thing) if name.endswith("LinksSeq")]:
            hql = f"select count(l) from {ref.kind} o left outer join o.{link[1:-3]} l where o.id = {ref.id}"
            found[link] = unwrap(self.query.projection(hql, None))[0][0]
        return found

    def change(self, ref: Ref, **values: Any) -> None:
        thing = self.query.get(ref.kind, ref.id)
        for name, value in values.items():
            setattr(thing, name, value)
        self.update.saveObject(thing)

    def texts(self, ref: Ref) -> list[str]:
        hql = f"select a.textValue from {ref.kind}AnnotationLink l join l.child a where l.parent.id = {ref.id}"
        return sorted(row[0] for row in unwrap(self.query.projection(hql, None)))

    def shape(self, stored: StoredShape) -> Any:
        return self.query.get("Point", stored.id)

    @staticmethod
    def _named(kind: str) -> Any:
        thing = getattr(omero.model, kind + "I")()
        thing.name = rstring("Inside")
        return thing


@pytest.fixture
def ben(lab: Lab) -> Iterator[Ben]:
    client = omero.client(host="localhost", port=present(lab.server).ssl_port)
    client.createSession("ben", "ben")
    yield Ben(client)
    client.closeSession()


@pytest_asyncio.fixture
async def service(lab: Lab) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


def tag(ref: Ref, text: str) -> AddTag:
    return AddTag((ref,), text)


def write_of(service: ServiceManager, edit: Edit | SaveShapes) -> Any:
    author = Author.of(service.account)
    assert author is not None
    if isinstance(edit, SaveShapes):
        return shape_writes.write_of(edit, author)
    return annotation_writes.write_of(edit, author)


async def send(service: ServiceManager, edit: Edit | SaveShapes, meanwhile: Callable[[], object] | None = None) -> Any:
    """Send an edit; `meanwhile` happens once, after it has read and before it saves."""
    write = write_of(service, edit)
    if meanwhile is not None:
        save, waiting = write._save, [meanwhile]

        def interrupted(*arguments: Any) -> Any:
            while waiting:
                waiting.pop()()
            return save(*arguments)

        write._save = interrupted
    return await service.write(Lane.METADATA, write)


async def draw(service: ServiceManager, ref: Ref, *shapes: Shape) -> list[StoredShape]:
    changes = tuple(ShapeChange(n, shape, None) for n, shape in enumerate(shapes))
    receipt = await send(service, SaveShapes(ref, changes))
    return [receipt.stored[n] for n in range(len(shapes))]


@pytest.mark.parametrize("kind", KINDS)
async def test_that_an_edit_changes_nothing_but_what_it_says(service: ServiceManager, ben: Ben, kind: str) -> None:
    ref = ben.made(kind)
    before = ben.whole(ref)
    assert (before["_description"], before["_annotationLinksSeq"]) == ("Kept", 2)
    await send(service, Rename(ref, "Ada's name", was="Found"))
    assert ben.whole(ref) == {**before, "_name": "Ada's name"}
    await send(service, AddComment(ref, "Ada's comment"))
    await send(service, AddTag((ref,), "Ada's tag"))
    assert ben.whole(ref) == {**before, "_name": "Ada's name", "_annotationLinksSeq": 4}
    assert ben.texts(ref) == sorted(["Ada's comment", "Ada's tag", "Ben's", f"Tag of {kind}"])


@pytest.mark.parametrize("kind", KINDS)
async def test_that_a_new_name_and_anothers_new_description_are_both_kept(
    service: ServiceManager, ben: Ben, kind: str
) -> None:
    ref = ben.made(kind)
    edit = Rename(ref, "Ada's name", was="Found")
    await send(service, edit, lambda: ben.change(ref, description=rstring("Ben's description")))
    found = ben.whole(ref)
    assert (found["_name"], found["_description"]) == ("Ada's name", "Ben's description")
    assert found["_annotationLinksSeq"] == 2


async def test_that_a_name_that_another_gives_meanwhile_is_told_and_stays(service: ServiceManager, ben: Ben) -> None:
    ref = ben.made(Kind.PROJECT)
    edit = Rename(ref, "Ada's name", was="Found")
    with pytest.raises(FailedError, match="renamed this to “Ben's name” meanwhile"):
        await send(service, edit, lambda: ben.change(ref, name=rstring("Ben's name")))
    assert ben.whole(ref)["_name"] == "Ben's name"


@pytest.mark.parametrize("make", [AddComment, tag])
async def test_that_an_annotation_is_added_whatever_another_does_to_the_object(
    service: ServiceManager, ben: Ben, make: Callable[[Ref, str], Edit]
) -> None:
    ref = ben.made(Kind.IMAGE)

    def everything() -> None:
        ben.change(ref, name=rstring("Ben's name"), description=None)
        link = omero.model.ImageAnnotationLinkI()
        link.parent, link.child = omero.model.ImageI(ref.id, False), omero.model.CommentAnnotationI()
        link.child.textValue = rstring("Ben's second")
        ben.update.saveObject(link)

    await send(service, make(ref, "Ada's"), everything)
    assert ben.texts(ref) == ["Ada's", "Ben's", "Ben's second", "Tag of Image"]
    found = ben.whole(ref)
    assert (found["_name"], found.get("_description")) == ("Ben's name", None)


async def test_that_a_changed_shape_keeps_what_others_gave_it(service: ServiceManager, ben: Ben) -> None:
    ref = ben.made(Kind.IMAGE)
    (stored,) = await draw(service, ref, POINT)
    theirs = ben.shape(stored)
    theirs.locked = rbool(True)
    ben.update.saveObject(theirs)
    link: Any = vars(omero.model)["ShapeAnnotationLinkI"]()
    link.parent, link.child = omero.model.PointI(stored.id, False), omero.model.CommentAnnotationI()
    ben.update.saveObject(link)
    await send(service, SaveShapes(ref, (ShapeChange(0, replace(POINT, text="changed"), stored),)))
    found = ben.shape(stored)
    assert (found.textValue.val, found.locked.val, found.theZ.val) == ("changed", True, 1)
    hql = f"select count(l) from ShapeAnnotationLink l where l.parent.id = {stored.id}"
    assert unwrap(ben.query.projection(hql, None)) == [[1]]
    rois = f"select count(s) from Shape s where s.roi.id = {stored.roi_id}"
    assert unwrap(ben.query.projection(rois, None)) == [[1]]


async def test_that_shapes_that_another_moves_meanwhile_are_told_and_the_rest_is_saved(
    service: ServiceManager, ben: Ben
) -> None:
    ref = ben.made(Kind.IMAGE)
    moved, locked, free = await draw(service, ref, POINT, POINT, POINT)

    def meanwhile() -> None:
        first, second = ben.shape(moved), ben.shape(locked)
        first.x, second.locked = rdouble(99), rbool(True)
        ben.update.saveArray([first, second])

    mine = replace(POINT, text="Ada's")
    changes = tuple(ShapeChange(n, mine, stored) for n, stored in enumerate((moved, locked, free)))
    receipt = await send(service, SaveShapes(ref, changes), meanwhile)
    assert isinstance(receipt, ShapesReceipt)
    assert set(receipt.refused) == {0}
    found = [ben.shape(stored) for stored in (moved, locked, free)]
    assert [shape.textValue.val for shape in found] == ["mine", "Ada's", "Ada's"]
    assert [shape.x.val for shape in found] == [99.0, 3.0, 3.0]
    assert unwrap(found[1].locked) is True


async def test_that_a_region_that_another_names_meanwhile_does_not_keep_its_shape_from_being_saved(
    service: ServiceManager, ben: Ben
) -> None:
    ref = ben.made(Kind.IMAGE)
    (stored,) = await draw(service, ref, replace(POINT, transform=(1.0, 0.0, 0.0, 1.0, 5.0, 6.0)))
    region = ben.query.get("Roi", stored.roi_id)
    region.name = rstring("Ben's region")
    mine = replace(stored.shape, text="Ada's")
    write = write_of(service, SaveShapes(ref, (ShapeChange(0, mine, stored),)))
    save = write._save
    saves: list[None] = []

    def counted(*arguments: Any) -> Any:
        saves.append(ben.update.saveObject(region) if not saves else None)
        return save(*arguments)

    write._save = counted
    await service.write(Lane.METADATA, write)
    assert len(saves) == 1
    assert ben.query.get("Roi", stored.roi_id).name.val == "Ben's region"
    found = ben.shape(stored)
    assert (found.textValue.val, found.transform.a02.val) == ("Ada's", 5.0)


async def test_that_new_shapes_and_anothers_come_side_by_side(service: ServiceManager, ben: Ben) -> None:
    ref = ben.made(Kind.IMAGE)

    def meanwhile() -> None:
        roi = omero.model.RoiI()
        roi.image = omero.model.ImageI(ref.id, False)
        point = omero.model.PointI()
        point.x, point.y, point.textValue = rdouble(3), rdouble(4), rstring("Ben's")
        roi.addShape(point)
        ben.update.saveObject(roi)
        ben.change(ref, name=rstring("Ben's name"))

    change = (ShapeChange(0, POINT, None),)
    await send(service, SaveShapes(ref, change), meanwhile)
    hql = f"select s.textValue from Point s where s.roi.image.id = {ref.id}"
    assert sorted(row[0] for row in unwrap(ben.query.projection(hql, None))) == ["Ben's", "mine"]
    assert ben.whole(ref)["_name"] == "Ben's name"


async def test_that_an_edit_that_is_overtaken_again_and_again_is_told_of(service: ServiceManager, ben: Ben) -> None:
    ref = ben.made(Kind.PROJECT)
    write = write_of(service, Rename(ref, "Ada's name", was="Found"))
    save = write._save
    counted: list[int] = []

    def interrupted(*arguments: Any) -> Any:
        counted.append(len(counted))
        ben.change(ref, description=rstring(f"Ben's {len(counted)}"))
        return save(*arguments)

    write._save = interrupted
    with pytest.raises(FailedError, match="changed"):
        await service.write(Lane.METADATA, write)
    found = ben.whole(ref)
    assert (found["_name"], found["_description"]) == ("Found", f"Ben's {len(counted)}")
