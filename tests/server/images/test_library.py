from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.library import read_image_file
from omero_desk.server.images.measuring import PENDING_SHA1
from omero_desk.server.images.ome_xml import ValueWithUnit, parse_ome_xml

SHARED_FOLDER = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OME = '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">{}</OME>'
PIXELS = '<Image ID="Image:0" Name="x"><Pixels ID="Pixels:0" {}>{}</Pixels></Image>'


def save(path: Path, array: np.ndarray[Any, Any], axes: str, **metadata: Any) -> Path:
    photometric = "rgb" if "S" in axes else "minisblack"
    with tifffile.TiffWriter(path, ome=True) as tiff:
        tiff.write(array, photometric=photometric, metadata={"axes": axes, **metadata})
    return path


@SHARED_FOLDER
@given(
    axes=st.sampled_from(["YX", "CYX", "ZYX", "TYX", "TCZYX", "TZCYX", "CZYX", "CTYX"]),
    dtype=st.sampled_from(["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]),
    data=st.data(),
)
def test_that_sizes_type_and_extremes_are_those_of_the_array(
    tmp_path: Path, axes: str, dtype: str, data: st.DataObject
) -> None:
    sizes = {axis: data.draw(st.integers(2, 4), axis) for axis in axes}
    rng = np.random.default_rng(data.draw(st.integers(0, 99), "seed"))
    array = rng.integers(0, 100, tuple(sizes.values())).astype(dtype)
    (image,) = read_image_file(save(tmp_path / "x.ome.tif", array, axes)).images
    found = {"X": image.size_x, "Y": image.size_y, "Z": image.size_z, "C": image.size_c, "T": image.size_t}
    assert found == {**dict.fromkeys("XYZCT", 1), **sizes}
    assert image.pixel_type == {"float32": "float", "float64": "double"}.get(dtype, dtype)
    assert [axis for axis in image.dimension_order if axis in axes] == list(reversed(axes))
    channels = np.moveaxis(array, axes.index("C"), 0) if "C" in axes else array[None]
    assert [channel.extremes for channel in image.channels] == [(each.min(), each.max()) for each in channels]


def test_that_samples_of_colour_are_channels_red_green_and_blue(tmp_path: Path) -> None:
    array = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
    (image,) = read_image_file(save(tmp_path / "x.ome.tif", array, "YXS")).images
    assert (image.size_x, image.size_y, image.size_c, image.is_rgb) == (4, 5, 3, True)
    assert [channel.extremes for channel in image.channels] == [(0, 57), (1, 58), (2, 59)]
    assert [channel.metadata.name for channel in image.channels] == ["Red", "Green", "Blue"]


def test_that_planar_colour_over_time_keeps_its_channels_apart(tmp_path: Path) -> None:
    array = np.zeros((2, 3, 5, 4), np.uint8) + np.array([1, 2, 3], np.uint8)[:, None, None]
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, array, photometric="rgb", planarconfig="separate", metadata={"axes": "TSYX"})
    (image,) = read_image_file(path).images
    assert (image.size_t, image.size_c) == (2, 3)
    assert [channel.extremes for channel in image.channels] == [(1, 1), (2, 2), (3, 3)]


def test_that_numbers_that_are_none_do_not_count_as_extremes(tmp_path: Path) -> None:
    array = np.array([[np.nan, 2.5], [np.inf, -1]], np.float32)
    assert read_image_file(save(tmp_path / "a.ome.tif", array, "YX")).images[0].channels[0].extremes == (-1, 2.5)
    nothing = np.full((2, 2), np.nan, np.float32)
    assert read_image_file(save(tmp_path / "b.ome.tif", nothing, "YX")).images[0].channels[0].extremes == (0, 0)


def test_that_metadata_are_those_of_the_file(tmp_path: Path) -> None:
    channel = {"Name": ["DAPI", "細胞 🔬"], "Color": [65535, -16776961], "EmissionWavelength": [461, 610]}
    path = save(
        tmp_path / "x.ome.tif",
        np.zeros((2, 3, 3), np.uint16),
        "CYX",
        Name="é <&> 名",
        Channel=channel,
        PhysicalSizeX=107.0,
        PhysicalSizeXUnit="nm",
        PhysicalSizeY=0.2,
        AcquisitionDate="2024-03-01T10:00:00Z",
    )
    (image,) = read_image_file(path).images
    assert image.metadata.name == "é <&> 名"
    assert image.metadata.physical_size_x == ValueWithUnit(107.0, "NANOMETER")
    assert image.metadata.physical_size_y == ValueWithUnit(0.2, "MICROMETER")
    assert image.metadata.acquired == 1_709_287_200_000
    assert [each.metadata.name for each in image.channels] == ["DAPI", "細胞 🔬"]
    assert [each.metadata.color for each in image.channels] == [(0, 0, 255, 255), (255, 0, 0, 255)]
    assert image.channels[1].metadata.emission == ValueWithUnit(610.0, "NANOMETER")


def test_that_a_pyramid_has_its_levels_and_pending_digest_only_when_too_large(tmp_path: Path) -> None:
    path = tmp_path / "x.ome.tif"
    with tifffile.TiffWriter(path, ome=True) as tiff:
        array = np.zeros((256, 256), np.uint8)
        tiff.write(array, subifds=2, tile=(64, 64))
        tiff.write(array[::2, ::2], subfiletype=1, tile=(64, 64))
        tiff.write(array[::4, ::4], subfiletype=1, tile=(64, 64))
    (image,) = read_image_file(path).images
    assert image.levels == 3
    assert image.sha1 != PENDING_SHA1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"not an image at all", "not in a format that can be read"),
        (b"II*\0", "cut off"),
        (b"II*\0\x08\0\0\0", "cut off before the end of its first plane"),
        (b"II*\0\x00\0\0\0", "damaged"),
    ],
)
def test_that_what_is_no_image_gives_one_error_that_names_it(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "odd \n\u202e name.tif"
    path.write_bytes(content)
    with pytest.raises(ImageFileError, match=reason) as raised:
        read_image_file(path)
    assert str(path) in str(raised.value)


def test_that_a_missing_file_and_a_folder_without_images_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(ImageFileError, match="No such file"):
        read_image_file(tmp_path / "none.tif")
    with pytest.raises(ImageFileError, match=r"not in a format that can be read: TIFF, .* and OME-Zarr"):
        read_image_file(tmp_path)


def test_that_a_file_cut_short_is_an_error_unless_its_pixels_are_whole(tmp_path: Path) -> None:
    array = np.random.default_rng(1).integers(0, 999, (3, 40, 40)).astype(np.uint16)
    path = save(tmp_path / "x.ome.tif", array, "CYX")
    whole = path.read_bytes()
    refused = 0
    cut = tmp_path / "cut.ome.tif"
    for share in range(1, 20):
        cut.write_bytes(whole[: len(whole) * share // 20])
        try:
            assert read_image_file(cut).images == read_image_file(path).images
        except ImageFileError:
            refused += 1
    assert refused >= 18


@SHARED_FOLDER
@given(place=st.integers(0, 1500), value=st.integers(0, 255))
@example(place=4, value=255)
def test_that_a_damaged_byte_gives_an_image_or_an_image_file_error(tmp_path: Path, place: int, value: int) -> None:
    content = bytearray(save(tmp_path / "x.ome.tif", np.ones((2, 8, 8), np.uint8), "CYX").read_bytes())
    content[place % len(content)] = value
    path = tmp_path / "y.ome.tif"
    path.write_bytes(content)
    try:
        images = read_image_file(path).images
    except ImageFileError as error:
        assert str(path) in str(error)
    else:
        assert all(image.size_x > 0 for image in images)


@pytest.mark.parametrize("name", ["../secret.tif", "/etc/passwd", "a/b.tif", "..\\b.tif", ".."])
def test_that_metadata_that_point_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    xml = OME.format(PIXELS.format("", f'<TiffData><UUID FileName="{name}">urn:uuid:1</UUID></TiffData>'))
    path = tmp_path / "x.ome.tif"
    tifffile.imwrite(path, np.zeros((4, 4), np.uint8), description=xml, metadata=None)
    with pytest.raises(ImageFileError, match="outside its folder"):
        read_image_file(path)


def test_that_entities_are_refused() -> None:
    bomb = '<!DOCTYPE OME [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + OME.format("&b;")
    with pytest.raises(ValueError, match="document type"):
        parse_ome_xml(bomb)


@pytest.mark.parametrize(
    "attributes",
    ['PhysicalSizeX="-1"', 'PhysicalSizeX="nan"', 'PhysicalSizeX="wide"', 'PhysicalSizeX="1" PhysicalSizeXUnit="ell"'],
)
def test_that_sizes_that_make_no_sense_are_left_out(attributes: str) -> None:
    (image,) = parse_ome_xml(OME.format(PIXELS.format(attributes, "")))
    assert image.physical_size_x is None


@given(text=st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_that_any_text_is_metadata_or_a_value_error(text: str) -> None:
    for candidate in (text, OME.format(text)):
        try:
            found = parse_ome_xml(candidate)
        except ValueError as error:
            assert "OME-XML" in str(error)
        else:
            assert isinstance(found, tuple)
