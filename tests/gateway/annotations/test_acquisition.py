"""How an image was taken, what it was imported from, and what its file says, over the wire."""

from __future__ import annotations

import math

import omero.model
import pytest
from omero.rtypes import rstring

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.gateway.annotations import acquisition as parts
from omero_desk.gateway.annotations.acquisition import acquisition
from omero_desk.gateway.annotations.filesets import fileset
from omero_desk.gateway.annotations.original_metadata import original_metadata
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.annotated_library import AnnotatedLab
from tests.support.counted_calls import counted


async def test_that_all_that_an_image_was_taken_with_is_told_in_one_round_trip(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(acquisition), annotated["image"])
    assert trips == 1
    groups = {str(group.title): {term.source: value for term, value in group.facts} for group in found}
    assert list(groups)[:3] == ["Microscope", "Objective", "Channel 1"]
    assert groups["Microscope"] == {"Manufacturer": "Zeiss", "Model": "Axio Observer.Z1", "Type": "Inverted"}
    objective = groups["Objective"]
    assert (objective["Numerical aperture"], objective["Immersion"], objective["Working distance"]) == (
        "1.4",
        "Oil",
        "190 µm",
    )
    assert (objective["Refractive index"], getattr(objective["Iris"], "source", "")) == ("1.518", "no")
    assert groups["Channel 1"] == {
        "Name": "DAPI",
        "Excitation": "405 nm",
        "Emission": "450.5 nm",
        "Pinhole": "52.5 µm",
    }
    assert groups["Channel 2"] == {"Name": "GFP"}
    assert groups["Detector settings 1"]["Gain"] == "650"
    assert groups["Light settings 1"]["Attenuation"] == "2 %"
    assert groups["Laser 2"]["Wavelength"] == "488 nm"
    assert groups["Emission filter of the light path 1"]["Cut in"] == "430 nm"
    assert groups["Dichroic of the light path 1"]["Model"] == "MBS 405/488/561/640"
    assert groups["Stage"]["Position X"] == "1250 µm"
    assert groups["Imaging environment"] == {"Temperature": "37 °C", "Humidity": "60 %", "Carbon dioxide": "5 %"}
    assert groups["First plane 1"]["Exposure"] == "0.05 s"
    assert "Light settings 2" not in groups
    with annotated.gateway() as gateway:
        image = gateway.getObject("Image", annotated["image"])
        assert len(gateway.getMetadataService().loadInstrument(image.getInstrument().getId()).copyDetector()) == 4
        assert sum(name.startswith("Detector ") and "settings" not in name for name in groups) == 4
        assert image.getObjectiveSettings().getObjective().getLensNA() == 1.4


async def test_that_of_an_image_of_which_nothing_is_known_nothing_is_told(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    assert await as_ada.call(Lane.METADATA, acquisition, annotated["image read"]) == ()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""),
        (0, "0"),
        (12_345.678, "12346"),
        (0.000_123_4, "0.0001234"),
        (math.nan, ""),
        (math.inf, ""),
        ({"value": 488.0, "symbol": "nm"}, "488 nm"),
        ({"value": math.nan, "symbol": "nm"}, ""),
        ({"value": 3, "symbol": None}, "3"),
        ("Oil", "Oil"),
        ("x" * 5_000, "x" * 1_000),
    ],
)
def test_that_a_value_is_told_as_people_read_it(value: object, told: str) -> None:
    assert parts.quantity(value) == told


async def test_that_a_fileset_tells_its_files_and_whether_they_were_imported_in_place(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(fileset), annotated["fileset of x.tif"])
    assert trips == 1
    assert (found.images, found.files, found.size) == (1, 1, annotated.places["x.tif"].stat().st_size)
    assert (found.client_paths, found.server_paths) == (("home/ada/x.tif",), ("ada/x.tif",))
    uploaded = await as_ada.call(Lane.METADATA, fileset, annotated["fileset of broken.tif"])
    with annotated.gateway() as gateway:
        for name, ours in (("x.tif", found), ("broken.tif", uploaded)):
            image = gateway.getObject("Image", annotated[f"image of {name}"])
            assert ours.is_in_place == bool(image.getInplaceImport())
            paths = image.getImportedImageFilePaths()
            assert (list(ours.server_paths), list(ours.client_paths)) == (
                paths["server_paths"],
                paths["client_paths"],
            )
    assert (found.is_in_place, uploaded.is_in_place) == (True, False)


async def test_that_a_fileset_without_files_and_with_an_empty_comment_is_told(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    made = omero.model.FilesetI()
    made.templatePrefix = rstring("ada/")
    comment = omero.model.CommentAnnotationI()
    comment.ns = rstring("openmicroscopy.org/omero/import/fileTransfer")
    made.linkAnnotation(comment)
    with annotated.gateway() as gateway:
        context = {"omero.group": str(annotated["group annotate"])}
        identity = gateway.getUpdateService().saveAndReturnObject(made, context).id.val
    found = await as_ada.call(Lane.METADATA, fileset, identity)
    assert (found.images, found.files, found.size, found.is_in_place) == (0, 0, None, False)
    assert found.client_paths == ()


async def test_that_a_fileset_that_is_gone_is_said_in_words(as_ada: ServiceManager) -> None:
    with pytest.raises(FailedError, match="Fileset 987654 is not on the server any more"):
        await as_ada.call(Lane.METADATA, fileset, 987_654)


async def test_that_a_file_says_what_omero_py_reads_in_it(as_ada: ServiceManager, annotated: AnnotatedLab) -> None:
    image = annotated["image of x.tif"]
    found = await as_ada.call(Lane.JOBS, original_metadata, image)
    said = dict(found.whole)
    assert (said["ImageDescription"], said["ImageWidth"]) == ("Made for a test", "4")
    assert found.series == ()
    with annotated.gateway() as gateway:
        _, whole, series = gateway.getObject("Image", image).loadOriginalMetadata()
    assert said.keys() == {name for name, _ in whole}
    assert series == []


async def test_that_a_broken_file_says_nothing(as_ada: ServiceManager, annotated: AnnotatedLab) -> None:
    found = await as_ada.call(Lane.JOBS, original_metadata, annotated["image of broken.tif"])
    assert (found.whole, found.series) == ((), ())
