"""Images with annotations of every kind, made and looked at by an unmodified omero-py client; and edits of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import omero
import omero.callbacks
import omero.cmd
import omero.model
from omero.rtypes import rint, rlong, rstring, unwrap
from omero.sys import ParametersI

from omero_desk.entities.annotations import OWN_PAIRS, RATING, TAG_SET
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import (
    AddComment,
    AddTag,
    AttachFile,
    Author,
    DeleteAnnotation,
    Describe,
    Edit,
    EditAnnotation,
    NameChannels,
    PutAnnotation,
    Receipt,
    Rename,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.gateway.service.manager import ServiceManager

EVERYWHERE = {"omero.group": "-1"}
PAIRS = (("stain", "DAPI"), ("stain", "GFP"), ("", "<i>no key</i>"))


@dataclass
class Scene:
    """An image of somebody's, described, with two channels; the annotations on it by name, and a tag that is not."""

    ref: Ref
    group: int
    ids: dict[str, int]


class Outsider:
    """A user with nothing but omero-py."""

    def __init__(self, client: Any) -> None:
        session = client.getSession()
        self.query, self.update = session.getQueryService(), session.getUpdateService()
        self.client = client

    def image(self, group: int, *channels: str, name: str = "Before") -> int:
        """Make an image with named channels; returns its id."""
        image, pixels = omero.model.ImageI(), omero.model.PixelsI()
        image.name, image.description = rstring(name), rstring("As it was")
        pixels.sizeX = pixels.sizeY = pixels.sizeZ = pixels.sizeT = rint(1)
        pixels.sizeC, pixels.sha1 = rint(len(channels) or 1), rstring("unknown")
        pixels.pixelsType, pixels.dimensionOrder = omero.model.PixelsTypeI(), omero.model.DimensionOrderI()
        pixels.pixelsType.value, pixels.dimensionOrder.value = rstring("uint8"), rstring("XYZCT")
        for each in channels:
            channel = omero.model.ChannelI()
            channel.logicalChannel = omero.model.LogicalChannelI()
            channel.logicalChannel.name = rstring(each)
            pixels.addChannel(channel)
        image.addPixels(pixels)
        return self.saved(image, group)

    def images(self, group: int, number: int) -> list[int]:
        """Make images that have no more than a name; returns their ids."""
        made = [omero.model.ImageI() for _ in range(number)]
        for image in made:
            image.name = rstring("One of many")
        return list(self.update.saveAndReturnIds(made, {"omero.group": str(group)}))

    def saved(self, thing: Any, group: int) -> int:
        """Save a thing; returns its id."""
        return int(self.update.saveAndReturnObject(thing, {"omero.group": str(group)}).id.val)

    def annotated(self, kind: str, images: Sequence[int], group: int, **values: Any) -> int:
        """Make an annotation, and put it on images; returns its id."""
        annotation = getattr(omero.model, f"{kind}AnnotationI")()
        for name, value in values.items():
            setattr(annotation, name, value)
        identity = self.saved(annotation, group)
        for image in images:
            self.link(kind, image, identity, group)
        return identity

    def link(self, kind: str, image: int, identity: int, group: int) -> int:
        """Put an annotation on an image; returns the link's id."""
        link = omero.model.ImageAnnotationLinkI()
        link.parent = omero.model.ImageI(image, False)
        link.child = getattr(omero.model, f"{kind}AnnotationI")(identity, False)
        return self.saved(link, group)

    def scene(self, group: int) -> Scene:
        """Make an image with annotations of this user's."""
        image = self.image(group, "DAPI", "GFP")
        pairs = [omero.model.NamedValue(*pair) for pair in PAIRS]
        ids = {
            "tag": self.annotated("Tag", [image], group, textValue=rstring("control"), description=rstring("why")),
            "comment": self.annotated("Comment", [image], group, textValue=rstring("Look\nhere")),
            "map": self.annotated("Map", [image], group, mapValue=pairs, ns=rstring(OWN_PAIRS)),
            "rating": self.annotated("Long", [image], group, longValue=rlong(3), ns=rstring(RATING)),
            "spare": self.annotated("Tag", [], group, textValue=rstring(f"spare {image}")),
        }
        return Scene(Ref(Kind.IMAGE, image), group, ids)

    def look(self, ref: Ref) -> tuple[Any, ...]:
        """Return all that edits change of an image, without ids, which a repeated edit may change."""
        asked = ParametersI().addId(ref.id)
        ((name, description),) = self._rows("select i.name, i.description from Image i where i.id = :id", asked)
        channels = self._rows(
            "select lc.name from Pixels p join p.channels c join c.logicalChannel lc where p.image.id = :id"
            " order by lc.id",
            asked,
        )
        links = self.query.findAllByQuery(
            "select l from ImageAnnotationLink l join fetch l.child where l.parent.id = :id", asked, EVERYWHERE
        )
        return name, description, channels, sorted(map(_annotation, links))

    def on(self, kind: str, identity: int | None) -> list[int]:
        """Return the ids of the images that an annotation is on."""
        assert identity is not None
        query = "select l.parent.id from ImageAnnotationLink l where l.child.id = :id order by l.parent.id"
        return sorted({image for (image,) in self._rows(query, ParametersI().addId(identity))})

    def tag_set(self, name: str, group: int, *tags: int) -> int:
        """Make a set of tags with some in it; returns its id."""
        made = omero.model.TagAnnotationI()
        made.textValue, made.ns = rstring(name), rstring(TAG_SET)
        identity = self.saved(made, group)
        for tag in tags:
            link = omero.model.AnnotationAnnotationLinkI()
            link.parent = omero.model.TagAnnotationI(identity, False)
            link.child = omero.model.TagAnnotationI(tag, False)
            self.saved(link, group)
        return identity

    def sets_of(self, tag: int | None) -> dict[str, tuple[int, str]]:
        """Return the sets that a tag is in: by their names the number of links, and who owns the sets."""
        assert tag is not None
        query = (
            "select p.textValue, p.details.owner.omeName, p.ns, l.details.group.id, p.details.group.id"
            " from AnnotationAnnotationLink l join l.parent p where l.child.id = :id"
        )
        found: dict[str, tuple[int, str]] = {}
        for name, owner, namespace, group, of_set in self._rows(query, ParametersI().addId(tag)):
            assert (namespace, group) == (TAG_SET, of_set)
            found[name] = found.get(name, (0, owner))[0] + 1, owner
        return found

    def map(self, images: Sequence[int], group: int, pairs: Sequence[tuple[str, str]]) -> int:
        """Make key-value pairs as clients do, and put them on images; returns the annotation's id."""
        named = [omero.model.NamedValue(*pair) for pair in pairs]
        return self.annotated("Map", images, group, mapValue=named, ns=rstring(OWN_PAIRS))

    def pairs(self, refs: Sequence[Ref]) -> dict[int, list[list[tuple[str, str]]]]:
        """Return the pairs of each key-value annotation on images, by the images' ids."""
        query = (
            "select l from ImageAnnotationLink l join fetch l.child an where an.class = MapAnnotation"
            " and l.parent.id in (:ids) order by l.id"
        )
        asked = ParametersI().addIds([ref.id for ref in refs])
        found: dict[int, list[list[tuple[str, str]]]] = {}
        for link in self.query.findAllByQuery(query, asked, EVERYWHERE):
            pairs = [(pair.name, pair.value) for pair in link.child.mapValue]
            found.setdefault(link.parent.id.val, []).append(pairs)
        return found

    def rated(self, refs: Sequence[Ref]) -> dict[int, list[int]]:
        """Return the stars of images, by their ids."""
        query = (
            "select l.parent.id, an.longValue from ImageAnnotationLink l join l.child an"
            " where an.class = LongAnnotation and an.ns = :ns and l.parent.id in (:ids) order by an.longValue"
        )
        stars: dict[int, list[int]] = {}
        for image, value in self._rows(query, ParametersI().addIds([ref.id for ref in refs]).addString("ns", RATING)):
            stars.setdefault(image, []).append(value)
        return stars

    def change(self, kind: str, identity: int, group: int, values: Mapping[str, Any]) -> None:
        """Change an object."""
        thing = self.query.get(kind, identity, {"omero.group": str(group)})
        thing.unloadCollections()
        for name, value in values.items():
            setattr(thing, name, value)
        self.saved(thing, group)

    def delete(self, kind: str, identity: int) -> None:
        """Delete an object."""
        handle = self.client.getSession().submit(omero.cmd.Delete2({kind: [identity]}), EVERYWHERE)
        callback = omero.callbacks.CmdCallbackI(self.client, handle)
        callback.loop(500, 20)
        assert isinstance(callback.getResponse(), omero.cmd.Delete2Response)
        callback.close(True)

    def permit(self, group: int, rights: str) -> None:
        """Give a group other permissions."""
        permissions = omero.model.PermissionsI(rights)
        self.client.getSession().getAdminService().changePermissions(
            omero.model.ExperimenterGroupI(group, False), permissions
        )

    def content(self, file_id: int) -> bytes:
        """Return the bytes of a file."""
        store = self.client.getSession().createRawFileStore()
        store.setFileId(file_id, EVERYWHERE)
        content = store.read(0, store.size())
        store.close()
        return bytes(content)

    def gone(self, kind: str, identity: int) -> bool:
        """Return whether an object is not there any more."""
        return not self._rows(f"select o.id from {kind} o where o.id = :id", ParametersI().addId(identity))

    def files(self, name: str) -> list[Any]:
        """Return ids, sizes and hashes of the files with a name."""
        asked = ParametersI().addString("name", name)
        return self._rows("select f.id, f.size, f.hash from OriginalFile f where f.name = :name order by f.id", asked)

    def _rows(self, query: str, asked: ParametersI) -> list[Any]:
        return [unwrap(row) for row in self.query.projection(query, asked, EVERYWHERE)]


def _annotation(link: Any) -> tuple[str, ...]:
    child = link.child
    names = ("ns", "description", "textValue", "longValue")
    values = [str(unwrap(getattr(child, name, None))) for name in names]
    pairs = [(pair.name, pair.value) for pair in getattr(child, "mapValue", None) or ()]
    file = getattr(child, "file", None)
    return type(child).__name__, *values, str(pairs), "" if file is None else str(file.id.val)


@dataclass(frozen=True)
class Case:
    """An edit of a scene: the right that it needs, and whether its inverse restores all, of one's own or of others'."""

    name: str
    make: Callable[[Scene, Path], Edit]
    needs: str
    is_undone: bool = True
    is_undone_of_others: bool = True

    def __str__(self) -> str:
        return self.name


def _refs(scene: Scene) -> tuple[Ref, ...]:
    return (scene.ref,)


NEW_PAIRS = (("k", "1"), ("k", "2"), ("", "<b>x</b>"), ("long", "v" * 100_000))
CASES = (
    Case("comment", lambda s, _: AddComment(s.ref, "<b>Look</b> \N{MICROSCOPE}\n\u05d0\u05d1"), "annotate"),
    Case("new tag", lambda s, _: AddTag(_refs(s), f"<new> {s.ref.id}", "described"), "annotate"),
    Case("known tag", lambda s, _: AddTag(_refs(s), f"spare {s.ref.id}"), "annotate"),
    Case("put", lambda s, _: PutAnnotation(_refs(s), "Tag", s.ids["spare"], "spare"), "annotate"),
    Case("rate", lambda s, _: SetRating(_refs(s), 5), "annotate"),
    Case("new pairs", lambda s, _: SetPairs(s.ref, None, NEW_PAIRS), "annotate"),
    Case("attach", lambda s, path: AttachFile(_refs(s), str(path), path.name, "text/plain", "why"), "annotate"),
    Case("take off tag", lambda s, _: TakeOff(_refs(s), "Tag", s.ids["tag"], "control"), "write"),
    Case(
        "take off comment",
        lambda s, _: TakeOff(_refs(s), "Comment", s.ids["comment"], "Look"),
        "write",
        is_undone_of_others=False,
    ),
    Case(
        "take off pairs",
        lambda s, _: TakeOff(_refs(s), "Map", s.ids["map"], "pairs"),
        "write",
        is_undone_of_others=False,
    ),
    Case(
        "take off rating",
        lambda s, _: TakeOff(_refs(s), "Long", s.ids["rating"], "3"),
        "write",
        is_undone_of_others=False,
    ),
    Case("pairs", lambda s, _: SetPairs(s.ref, s.ids["map"], NEW_PAIRS, PAIRS), "write"),
    Case("no pairs", lambda s, _: SetPairs(s.ref, s.ids["map"], (), PAIRS), "write"),
    Case("new pairs of many", lambda s, _: SetManyPairs(_refs(s), (None,), (NEW_PAIRS,), ((),), "ns"), "annotate"),
    Case("pairs of many", lambda s, _: SetManyPairs(_refs(s), (s.ids["map"],), (NEW_PAIRS,), (PAIRS,)), "write"),
    Case("no pairs of many", lambda s, _: SetManyPairs(_refs(s), (s.ids["map"],), ((),), (PAIRS,)), "write"),
    Case("rename", lambda s, _: Rename(s.ref, "\u202eAfter <i>", "Before"), "write"),
    Case("describe", lambda s, _: Describe(s.ref, "d\n" * 50_000, "As it was"), "write"),
    Case("undescribe", lambda s, _: Describe(s.ref, "", "As it was"), "write"),
    Case(
        "edit tag",
        lambda s, _: EditAnnotation(s.ref, "Tag", s.ids["tag"], "treated", "control", "", "why"),
        "write",
    ),
    Case("edit comment", lambda s, _: EditAnnotation(s.ref, "Comment", s.ids["comment"], "n", "Look\nhere"), "write"),
    Case("delete tag", lambda s, _: DeleteAnnotation(s.ref, "Tag", s.ids["tag"], "control"), "write", False, False),
    Case("channels", lambda s, _: NameChannels(_refs(s), ("Nucleus", ""), ("DAPI", "GFP")), "write"),
)


def new_write(service: ServiceManager, edit: Edit) -> Any:
    """Return a write as the one who is signed in."""
    author = Author.of(service.account)
    assert author is not None
    return write_of(edit, author)


async def write(service: ServiceManager, *edits: Edit) -> list[Receipt]:
    """Make edits, one after the other."""
    return [await service.write(Lane.METADATA, new_write(service, edit)) for edit in edits]


def inverse(receipts: Sequence[Receipt]) -> list[Edit]:
    """Return what undoes edits, the last first."""
    return [edit for receipt in reversed(receipts) for edit in receipt.inverse]
