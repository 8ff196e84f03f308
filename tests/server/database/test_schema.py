"""The tables that are made of the model."""

from __future__ import annotations

import math
import sqlite3

import pytest
import sqlalchemy as sa

from omero_desk.server.database.model import Collection, NamedValues, Quantity, Relation, Scalar, load_model
from omero_desk.server.database.schema import Schema
from tests.support.present import present


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(load_model())


def test_that_there_is_a_table_for_each_hierarchy(schema: Schema) -> None:
    roots = {found.root for found in schema.model.values()}
    assert len(schema.tables()) == len(roots)
    assert schema.table("TagAnnotation") is schema.table("Annotation")
    assert schema.table("DatasetImageLink").name == "dataset_image_link"


def test_that_every_property_has_its_columns(schema: Schema) -> None:
    for found in schema.model.values():
        table = schema.table(found.name)
        for each in found.properties.values():
            if isinstance(each, Collection):
                if each.ordered:
                    assert schema.index_column(schema.table(each.target), each) is not None
            elif isinstance(each, NamedValues):
                assert "position" in schema.named_values_table(found.name, each).c
            else:
                assert schema.column(table, each) is not None
            if isinstance(each, Quantity):
                assert schema.unit_column(table, each) is not None


def test_that_no_property_hides_a_column_of_the_details(schema: Schema) -> None:
    for found in schema.model.values():
        taken = {"id", "version", "discriminator", "permissions", "external", "owner", "group"}
        clashes = taken & set(found.properties)
        assert not (clashes and found.has_details), found.name
        names = [column.name.lower() for column in schema.table(found.name).columns]
        assert len(names) == len(set(names))


def test_that_global_classes_have_no_owner_and_no_events(schema: Schema) -> None:
    assert "owner_id" not in schema.table("PixelsType").c
    assert "creation_id" not in schema.table("Event").c
    assert {"owner_id", "group_id", "creation_id", "update_id"} <= set(schema.table("Image").c.keys())
    assert "update_id" not in schema.table("ExternalInfo").c


def test_that_columns_follow_an_alias(schema: Schema) -> None:
    image = schema.model["Image"].properties
    alias = schema.table("Image").alias("i")
    assert str(schema.column(alias, image["fileset"])) == "i.fileset_id"
    assert str(schema.column(alias, image["name"])) == "i.name"
    assert str(schema.details_column(alias, "creationEvent")) == "i.creation_id"


def test_that_a_subclass_is_told_by_its_discriminator(schema: Schema) -> None:
    table = schema.table("Annotation")
    assert schema.is_class(table, "Annotation") is None
    assert schema.is_class(schema.table("Image"), "Image") is None
    text = str(present(schema.is_class(table, "TextAnnotation")).compile(compile_kwargs={"literal_binds": True}))
    assert "CommentAnnotation" in text
    assert "'TextAnnotation'" not in text


def test_that_every_foreign_key_leads_an_index(schema: Schema) -> None:
    for table in schema.tables():
        led = {next(iter(index.columns)).name for index in table.indexes}
        led |= {
            next(iter(constraint.columns)).name
            for constraint in table.constraints
            if isinstance(constraint, sa.UniqueConstraint)
        }
        for column in table.columns:
            if column.name.endswith("_id"):
                assert column.name in led, f"{table.name}.{column.name}"


def test_that_the_type_of_a_light_source_may_be_of_several_classes(schema: Schema) -> None:
    assert not schema.table("Laser").c.type_id.foreign_keys
    assert schema.table("Laser").c.pulse_id.foreign_keys


def test_that_sqlite_accepts_the_whole_schema_and_keeps_extreme_values(schema: Schema) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.create_function("lower", 1, str.lower, deterministic=True)
        schema.metadata.create_all(connection)
        table = schema.table("StatsInfo")
        values = [0.1, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, math.nan]
        rows = [
            {"owner_id": 0, "group_id": 0, "creation_id": 0, "update_id": 0, "globalMin": v, "globalMax": v}
            for v in values
        ]
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.execute(table.insert(), rows)
        found = connection.execute(sa.select(table.c.globalMin).order_by(table.c.id)).scalars().all()
    assert found[:-1] == values[:-1]
    assert math.isnan(found[-1])
    engine.dispose()


def test_that_scalars_and_relations_of_the_root_are_required_where_omero_requires_them(
    schema: Schema,
) -> None:
    for found in schema.model.values():
        if found.root != found.name:
            continue
        table = schema.table(found.name)
        for each in found.properties.values():
            if isinstance(each, Scalar | Relation):
                assert schema.column(table, each).nullable == each.nullable
