"""The model that is read from omero-py, against what OMERO's own mappings say."""

import time

import omero.model
import pytest

from omero_desk.server.database.model import (
    Binary,
    Collection,
    NamedValues,
    OmeroModel,
    Quantity,
    Relation,
    Scalar,
    Strings,
    load_model,
    snake_case,
)


@pytest.fixture(scope="module")
def model() -> OmeroModel:
    return load_model()


def test_that_every_class_of_omero_py_is_found(model: OmeroModel) -> None:
    shipped = {
        name.removesuffix("I")
        for name, found in vars(omero.model).items()
        if name.endswith("I") and hasattr(found, "_field_info")
    }
    concrete = {name for name, found in model.items() if not found.abstract}
    assert concrete == shipped
    assert len(model) == 171
    assert sum(found.is_enum for found in model.values()) == 29


def test_that_the_properties_of_a_class_are_those_of_its_field_information(model: OmeroModel) -> None:
    for found in model.values():
        if not found.abstract:
            fields = set(found.instance_class._field_info._fields) - {"details"}
            assert set(found.properties) == fields, found.name


def test_that_the_abstract_classes_are_those_that_cannot_be_made(model: OmeroModel) -> None:
    assert {name for name, found in model.items() if found.abstract} == {
        "Annotation",
        "BasicAnnotation",
        "CodomainMapContext",
        "Job",
        "LightSource",
        "NumericAnnotation",
        "Shape",
        "TextAnnotation",
        "TypeAnnotation",
    }
    with pytest.raises(KeyError):
        _ = model["Annotation"].instance_class


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("Image", Scalar("name", "rstring", nullable=False)),
        ("Image", Scalar("acquisitionDate", "rtime", nullable=True)),
        ("Image", Relation("fileset", "Fileset", nullable=True)),
        ("Image", Collection("datasetLinks", "DatasetImageLink", "child", ordered=False)),
        ("Image", Collection("pixels", "Pixels", "image", ordered=True, nullable=False)),
        ("Dataset", Collection("imageLinks", "DatasetImageLink", "parent", ordered=False)),
        ("Project", Collection("datasetLinks", "ProjectDatasetLink", "parent", ordered=False)),
        ("Pixels", Quantity("physicalSizeX", "Length", nullable=True)),
        ("Pixels", Collection("pixelsFileMaps", "PixelsOriginalFileMap", "child", ordered=False)),
        ("OriginalFile", Collection("pixelsFileMaps", "PixelsOriginalFileMap", "parent", ordered=False)),
        ("Folder", Collection("childFolders", "Folder", "parentFolder", ordered=False)),
        ("Job", Collection("originalFileLinks", "JobOriginalFileLink", "parent", ordered=False)),
        ("TagAnnotation", Collection("annotationLinks", "AnnotationAnnotationLink", "parent", ordered=False)),
        (
            "Experimenter",
            Collection("groupExperimenterMap", "GroupExperimenterMap", "child", ordered=True, nullable=False),
        ),
        ("MapAnnotation", NamedValues("mapValue")),
        ("FileAnnotation", Relation("file", "OriginalFile", nullable=True)),
        ("TagAnnotation", Scalar("textValue", "rstring", nullable=True)),
        ("Mask", Binary("bytes", nullable=True)),
        ("Namespace", Strings("keywords", nullable=True)),
        ("GroupExperimenterMap", Scalar("owner", "rbool", nullable=False)),
    ],
)
def test_that_a_property_is_what_the_mapping_says(model: OmeroModel, owner: str, expected: Scalar) -> None:
    assert model[owner].properties[expected.name] == expected


def test_that_every_collection_has_a_relation_that_points_back(model: OmeroModel) -> None:
    for found in model.values():
        for collection in found.properties.values():
            if isinstance(collection, Collection):
                back = model[collection.target].properties[collection.inverse]
                assert isinstance(back, Relation)
                assert found.name in model.subclasses_of(back.target)


def test_that_hierarchies_are_known(model: OmeroModel) -> None:
    tag = model["TagAnnotation"]
    assert (tag.parent, tag.root) == ("TextAnnotation", "Annotation")
    assert set(model.subclasses_of("TextAnnotation")) == {
        "TextAnnotation",
        "CommentAnnotation",
        "TagAnnotation",
        "XmlAnnotation",
    }
    assert model.subclasses_of("Image") == ("Image",)
    assert model["Share"].root == "Session"
    assert model["Image"].parent is None


def test_that_links_enumerations_and_global_classes_are_told_apart(model: OmeroModel) -> None:
    assert model["DatasetImageLink"].is_link
    assert not model["Image"].is_link
    assert model["JobStatus"].is_enum
    assert model["PixelsType"].is_global
    assert not model["Experimenter"].has_details
    assert model["ExternalInfo"].has_details
    assert not model["ExternalInfo"].has_update_event
    assert not model["Event"].has_version
    assert all(found.has_version == (found.is_mutable and not found.is_enum) for found in model.values())


@pytest.mark.parametrize(
    "spelling", ["Image", "ImageI", "omero.model.Image", "omero.model.ImageI", "ome.model.core.Image"]
)
def test_that_every_spelling_of_a_class_is_understood(model: OmeroModel, spelling: str) -> None:
    assert model.resolve(spelling) is model["Image"]


@pytest.mark.parametrize(
    "spelling",
    ["image", "Imag", "", "II", "ome.model.roi.Image", "os.Image", "Image.name", "IObject", "Details"],
)
def test_that_a_name_that_is_no_class_is_refused(model: OmeroModel, spelling: str) -> None:
    with pytest.raises(KeyError):
        model.resolve(spelling)


def test_that_java_names_carry_the_package(model: OmeroModel) -> None:
    assert model["TagAnnotation"].java_name == "ome.model.annotations.TagAnnotation"
    assert model["Annotation"].java_name == "ome.model.annotations.Annotation"
    assert model["ImageAnnotationLink"].java_name == "ome.model.annotations.ImageAnnotationLink"
    assert model["JobStatus"].java_name == "ome.model.jobs.JobStatus"


@pytest.mark.alone
def test_that_the_model_is_read_quickly() -> None:
    load_model.cache_clear()
    start = time.process_time()
    load_model()
    assert time.process_time() - start < 0.8


@pytest.mark.parametrize(
    ("name", "expected"),
    [("DatasetImageLink", "dataset_image_link"), ("OTF", "otf"), ("DBPatch", "db_patch"), ("Image", "image")],
)
def test_that_class_names_become_table_names(name: str, expected: str) -> None:
    assert snake_case(name) == expected
