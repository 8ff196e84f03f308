"""Objects made of rows: what is loaded, what is not, and what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import omero.model
import pytest
import sqlalchemy as sa

from omero_desk.server.access.caller import load_caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.rows import insert_named_values, insert_rows
from omero_desk.server.database.store import Store
from omero_desk.server.hql.hydrate import Hydrator
from tests.support.present import present

DETAILS = {"owner_id": 0, "group_id": 0, "creation_id": 0, "update_id": 0}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("hydrate"))
    schema = opened.schema
    with opened.write() as connection:
        fileset = insert_rows(schema, connection, "Fileset", [{"templatePrefix": "p", **DETAILS}])[0]
        images = [{"name": f"image {n}", "fileset_id": fileset, **DETAILS} for n in range(3)]
        images[2]["acquisitionDate"] = 1234567890123
        parents = insert_rows(schema, connection, "Image", images)
        pair = insert_rows(schema, connection, "MapAnnotation", [{"ns": "n", **DETAILS}])[0]
        tag = insert_rows(schema, connection, "TagAnnotation", [{"textValue": "t", **DETAILS}])[0]
        values = {pair: [("k", 'with "quotes"'), ("é", "")]}
        insert_named_values(schema, connection, "MapAnnotation", "mapValue", values)
        links = [{"parent_id": parents[0], "child_id": child, **DETAILS} for child in (pair, tag)]
        insert_rows(schema, connection, "ImageAnnotationLink", links)
    yield opened
    opened.close()


def load(store: Store, class_name: str) -> list[Any]:
    table = store.schema.table(class_name).alias()
    with store.read() as connection:
        hydrator = Hydrator(store.schema, Rights.load(connection, load_caller(connection, 0)))
        rows = connection.execute(sa.select(*hydrator.columns(table)).order_by(table.c.id)).all()
        assert all(len(row) == hydrator.width(class_name) for row in rows)
        return [hydrator.build(class_name, row) for row in rows]


def test_that_values_are_wrapped_and_nulls_are_none(store: Store) -> None:
    first, _, last = load(store, "Image")
    assert type(first) is omero.model.ImageI
    assert first.isLoaded()
    assert first.name.val == "image 0"
    assert first.description is None
    assert present(first.version).val == 0
    assert last.acquisitionDate.val == 1234567890123


def test_that_relations_are_unloaded_and_collections_are_not_there(store: Store) -> None:
    first, second, _ = load(store, "Image")
    assert not first.fileset.isLoaded()
    assert first.fileset is second.fileset
    assert not first._annotationLinksLoaded
    assert first.sizeOfPixels() == -1
    with pytest.raises(omero.UnloadedEntityException):
        first.addPixels(omero.model.PixelsI())


def test_that_loading_a_collection_of_one_object_leaves_the_others_alone(store: Store) -> None:
    first, second, _ = load(store, "Image")
    first._pixelsLoaded, first._pixelsSeq = True, []
    first.addPixels(omero.model.PixelsI())
    assert second.sizeOfPixels() == -1


def test_that_details_are_unloaded_objects_and_loaded_permissions(store: Store) -> None:
    details = load(store, "Image")[0].details
    for each in (details.owner, details.group, details.creationEvent, details.updateEvent):
        assert not each.isLoaded()
        assert each.id.val == 0
    assert str(details.permissions) == "rw----"
    assert details.permissions.canDelete()
    assert details.externalInfo is None


def test_that_global_objects_have_permissions_only(store: Store) -> None:
    details = load(store, "Experimenter")[0].details
    assert details.owner is details.group is details.creationEvent is None
    assert details.permissions.canEdit()


def test_that_an_object_is_of_its_own_class(store: Store) -> None:
    pair, tag = load(store, "Annotation")
    assert (type(pair), type(tag)) == (omero.model.MapAnnotationI, omero.model.TagAnnotationI)
    assert tag.textValue.val == "t"


def test_that_a_reference_to_an_abstract_class_is_of_the_objects_own_class(store: Store) -> None:
    first, second = load(store, "ImageAnnotationLink")
    assert type(first.child) is omero.model.MapAnnotationI
    assert type(second.child) is omero.model.TagAnnotationI
    assert not first.child.isLoaded()


def test_that_named_values_come_along_in_order(store: Store) -> None:
    pair = load(store, "Annotation")[0]
    assert [(each.name, each.value) for each in pair.mapValue] == [("k", 'with "quotes"'), ("é", "")]


def test_that_a_row_may_hold_several_objects_and_none(store: Store) -> None:
    schema = store.schema
    image, link = schema.table("Image").alias(), schema.table("ImageAnnotationLink").alias()
    with store.read() as connection:
        hydrator = Hydrator(schema, Rights.load(connection, load_caller(connection, 0)))
        statement = (
            sa.select(*hydrator.columns(image), *hydrator.columns(link))
            .select_from(image.outerjoin(link, link.c.parent_id == image.c.id))
            .order_by(image.c.id, link.c.id)
        )
        rows = connection.execute(statement).all()
        links: list[Any] = [hydrator.build("ImageAnnotationLink", row, hydrator.width("Image")) for row in rows]
    assert [None if each is None else each.parent.id.val for each in links] == [1, 1, None, None]


def test_that_every_class_can_be_read_and_referred_to(store: Store) -> None:
    for name, found in store.schema.model.items():
        if not found.abstract:
            with store.read() as connection:
                hydrator = Hydrator(store.schema, Rights.load(connection, load_caller(connection, 0)))
                assert type(hydrator.unloaded(name, 7)) is found.instance_class
                rows = connection.execute(sa.select(*hydrator.columns(store.schema.table(name)))).all()
            root = getattr(omero.model, found.root)
            assert all(isinstance(hydrator.build(found.root, row), root) for row in rows)
