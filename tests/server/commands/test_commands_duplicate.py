"""Duplicate over the wire: what is copied, what the copies share with the originals, and what is refused."""

from __future__ import annotations

from typing import Any

import omero
import omero.cmd
import pytest
from omero.rtypes import rstring

from tests.server.commands.test_commands_delete import dataset, image, save
from tests.server.commands.test_commands_move import tag
from tests.server.conftest import Connect, Lab


def duplicate(gateway: Any, request: Any) -> dict[str, list[int]]:
    done = gateway.c.submit(request).getResponse()
    return {name.rpartition(".")[2]: ids for name, ids in done.duplicates.items()}


def rows(gateway: Any, hql: str, value: int) -> list[Any]:
    params = omero.sys.ParametersI().addId(value)
    found = gateway.getQueryService().projection(hql, params)
    return [[column.val for column in row] for row in found]


def test_that_a_dataset_is_copied_with_its_images_and_their_annotations(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    original, inside = dataset("original"), image("inside")
    values = omero.model.MapAnnotationI()
    values.setMapValue([omero.model.NamedValue("dye", "GFP"), omero.model.NamedValue("dye", "RFP")])
    inside.linkAnnotation(values)
    original.linkImage(inside)
    original = save(gateway, original)
    request = omero.cmd.Duplicate(targetObjects={"Dataset": [original.id.val]})
    made = duplicate(gateway, request)
    assert made.keys() == {"Dataset", "DatasetImageLink", "Image", "ImageAnnotationLink", "MapAnnotation"}
    (copy,) = made["Dataset"]
    assert copy != original.id.val
    hql = "select l.child.id, l.child.name from DatasetImageLink l where l.parent.id = :id"
    assert rows(gateway, hql, copy) == [[made["Image"][0], "inside"]]
    copied = gateway.getObject("MapAnnotation", made["MapAnnotation"][0])
    assert copied.getValue() == [("dye", "GFP"), ("dye", "RFP")]


def test_that_types_can_be_referred_to_or_left_out(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    original = image("original")
    original.linkAnnotation(tag("shared"))
    original = save(gateway, original)
    shared = original.copyAnnotationLinks()[0].child
    target = {"Image": [original.id.val]}
    made = duplicate(gateway, omero.cmd.Duplicate(targetObjects=target, typesToReference=["TagAnnotation"]))
    hql = "select l.child.id from ImageAnnotationLink l where l.parent.id = :id"
    assert rows(gateway, hql, made["Image"][0]) == [[shared.id.val]]
    made = duplicate(gateway, omero.cmd.Duplicate(targetObjects=target, typesToIgnore=["IAnnotationLink"]))
    assert made.keys() == {"Image"}


def test_that_a_dry_run_tells_the_originals(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    original = save(gateway, image("original"))
    request = omero.cmd.Duplicate(targetObjects={"Image": [original.id.val]}, dryRun=True)
    assert duplicate(gateway, request) == {"Image": [original.id.val]}


def test_that_a_fileset_is_copied_whole_or_not_at_all(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    fileset = omero.model.FilesetI()
    fileset.setTemplatePrefix(rstring("x"))
    fileset.addImage(image("first"))
    fileset.addImage(image("second"))
    fileset = save(gateway, fileset)
    first, second = (each.id.val for each in fileset.copyImages())
    with pytest.raises(omero.CmdError, match="may not duplicate"):
        duplicate(gateway, omero.cmd.Duplicate(targetObjects={"Image": [first]}))
    made = duplicate(gateway, omero.cmd.Duplicate(targetObjects={"Image": [first, second]}))
    assert len(made["Fileset"]) == 1
    hql = "select i.id from Image i where i.fileset.id = :id order by i.id"
    assert [row[0] for row in rows(gateway, hql, made["Fileset"][0])] == made["Image"]


def test_that_a_copy_belongs_to_who_made_it(sign_in: Connect, lab: Lab) -> None:
    ada, ben = sign_in("ada", group="shared lab"), sign_in("ben", group="shared lab")
    hers = save(ada, image("hers"))
    made = duplicate(ben, omero.cmd.Duplicate(targetObjects={"Image": [hers.id.val]}))
    hql = "select i.details.owner.id, i.details.group.id from Image i where i.id = :id"
    assert rows(ben, hql, made["Image"][0]) == [[lab.ben, lab.shared]]
