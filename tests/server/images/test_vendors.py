"""Files of makers of microscopes and slide scanners, written as they write them."""

from __future__ import annotations

import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import is_image_name, media_type, open_source
from omero_desk.server.images.library import read_image_file
from omero_desk.server.images.ome_xml import ChannelMetadata, ValueWithUnit

STACK = np.random.default_rng(5).integers(0, 255, (6, 16, 20)).astype(np.uint8)


def micrometers(value: float) -> ValueWithUnit:
    return ValueWithUnit(value, "MICROMETER")


def plane(path: Path, z: int = 0, c: int = 0, t: int = 0) -> np.ndarray[Any, Any]:
    with closing(open_source(path, 0)) as source:
        return source.region(z, c, t, 0, 0, source.size_x, source.size_y)


def write_lsm(path: Path) -> Path:
    """Two planes of three channels each, every one with its thumbnail."""
    info = np.zeros(1, np.dtype([each for each in tifffile.TIFF.CZ_LSMINFO if each[0]], align=False).newbyteorder("<"))
    values: dict[str, float] = {
        "MagicNumber": 67127628,
        "DimensionX": 20,
        "DimensionY": 16,
        "DimensionZ": 2,
        "DimensionChannels": 3,
    }
    values |= {"DimensionTime": 1, "VoxelSizeX": 1e-7, "VoxelSizeY": 2e-7, "VoxelSizeZ": 5e-7, "TimeIntervall": 2.0}
    values |= {"StructureSize": info.itemsize, "ScanType": 0}
    for name, value in values.items():
        info[name] = value
    notes = info.tobytes()
    with tifffile.TiffWriter(path, byteorder="<") as tiff:
        for z in range(2):
            tags = [(34412, 1, len(notes), notes, True)] if not z else []
            planes = STACK[3 * z : 3 * z + 3]
            options: Any = {
                "photometric": "minisblack",
                "planarconfig": "separate",
                "metadata": None,
                "contiguous": False,
            }
            tiff.write(planes, extratags=tags, **options)
            tiff.write(planes[:, ::2, ::2], subfiletype=1, **options)
    return path


def test_that_lsm_files_have_planes_channels_and_sizes_without_thumbnails(tmp_path: Path) -> None:
    path = write_lsm(tmp_path / "x.lsm")
    (image,) = read_image_file(path).images
    assert (image.size_x, image.size_y, image.size_z, image.size_c, image.size_t) == (20, 16, 2, 3, 1)
    metadata = image.metadata
    sizes = [metadata.physical_size_x, metadata.physical_size_y, metadata.physical_size_z]
    assert [each and (round(each.value, 6), each.unit) for each in sizes] == [
        (0.1, "MICROMETER"),
        (0.2, "MICROMETER"),
        (0.5, "MICROMETER"),
    ]
    assert metadata.time_increment == ValueWithUnit(2.0, "SECOND")
    assert (plane(path, z=1, c=2) == STACK[5]).all()


def write_stk(path: Path, planes: int = 6) -> Path:
    """MetaMorph's stack: one page, and the planes behind it in one piece."""
    tifffile.imwrite(
        path,
        STACK,
        photometric="minisblack",
        metadata=None,
        byteorder="<",
        extratags=[(33629, 4, 2 * planes, [0] * 2 * planes, True), (33628, 4, 8, [0] * 8, True)],
        contiguous=True,
        truncate=False,
    )
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        start, second, first = page.dataoffsets[0], page.tags[33629].offset, page.tags[33628].offset
        next_page = page.offset + 2 + len(page.tags) * 12
    content = bytearray(path.read_bytes())
    end = len(content)
    content += b"".join(struct.pack("<6I", 3, 2, 2450000, 1000 * z, 0, 0) for z in range(planes))
    numbers, texts = len(content), len(content) + 8 * 3
    content += struct.pack("<6I", 4, texts, 5, texts + 8, 6, texts + 16)
    content += struct.pack("<4I", 1, 4, 1, 5) + struct.pack("<I", 3) + b"um\0"
    struct.pack_into("<HHII", content, second, 33629, 5, planes, end)
    struct.pack_into("<HHII", content, first, 33628, 4, 3, numbers)
    struct.pack_into("<I", content, next_page, 0)
    assert content[start : start + STACK.nbytes] == STACK.tobytes()
    path.write_bytes(content)
    return path


def test_that_stk_files_have_all_planes_behind_their_page(tmp_path: Path) -> None:
    path = write_stk(tmp_path / "x.stk")
    (image,) = read_image_file(path).images
    assert (image.size_x, image.size_y, image.size_z, image.size_c, image.size_t) == (20, 16, 6, 1, 1)
    assert image.metadata.physical_size_x == micrometers(0.25)
    assert image.metadata.physical_size_y == micrometers(0.2)
    assert image.metadata.physical_size_z == micrometers(1.5)
    assert all((plane(path, z=z) == each).all() for z, each in enumerate(STACK))


def test_that_an_stk_file_says_how_many_planes_it_lacks(tmp_path: Path) -> None:
    path = write_stk(tmp_path / "x.stk", planes=600)
    with pytest.raises(ImageFileError, match=r"x\.stk is cut off after \d+ of 600 planes\.$"):
        read_image_file(path)


def test_that_slides_of_aperio_are_pyramids_with_their_thumbnail(tmp_path: Path) -> None:
    path = tmp_path / "x.svs"
    slide = np.random.default_rng(2).integers(0, 255, (256, 320, 3)).astype(np.uint8)
    text = "Aperio Image Library v1\r\n320x256 |AppMag = 20|MPP = 0.4990"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(slide, tile=(64, 64), photometric="rgb", description=text, metadata=None)
        tiff.write(slide[::8, ::8], photometric="rgb", description=text, metadata=None)
        tiff.write(slide[::4, ::4], tile=(64, 64), photometric="rgb", description=text, metadata=None)
    whole, thumbnail = read_image_file(path).images
    assert (whole.size_x, whole.size_y, whole.size_c, whole.levels, whole.is_rgb) == (320, 256, 3, 2, True)
    assert whole.metadata.physical_size_x == micrometers(0.499)
    assert (whole.metadata.name, thumbnail.metadata.name) == ("Baseline", "Thumbnail")
    assert (plane(path, c=2) == slide[..., 2]).all()


def test_that_qptiff_names_its_channels(tmp_path: Path) -> None:
    path = tmp_path / "x.qptiff"
    root = "PerkinElmer-QPI-ImageDescription"
    with tifffile.TiffWriter(path) as tiff:
        for number, (name, color) in enumerate([("DAPI", "0,0,255"), ("Opal 520", "0,255,0")]):
            text = f'<?xml version="1.0"?><{root}><Name>{name}</Name><Color>{color}</Color></{root}>'
            options: Any = {"description": text, "software": "PerkinElmer-QPI", "contiguous": False, "metadata": None}
            options |= {"resolution": (20_000, 20_000), "resolutionunit": 3}
            tiff.write(STACK[number], photometric="minisblack", **options)
    (image,) = read_image_file(path).images
    assert (image.size_c, image.metadata.physical_size_x) == (2, micrometers(0.5))
    assert [channel.metadata for channel in image.channels] == [
        ChannelMetadata("DAPI", (0, 0, 255, 255)),
        ChannelMetadata("Opal 520", (0, 255, 0, 255)),
    ]
    assert (plane(path, c=1) == STACK[1]).all()


@pytest.mark.parametrize("kind", [2, 128])
def test_that_the_values_of_a_gel_are_what_they_stand_for(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "x.gel"
    stored = STACK[0].astype(np.uint16)
    tags = [(33445, 4, 1, kind, True), (33446, 5, 1, (1, 4), True)]
    tifffile.imwrite(path, stored, photometric="minisblack", metadata=None, extratags=tags)
    (image,) = read_image_file(path).images
    expected = stored.astype(np.float32) ** (2 if kind == 2 else 1) / 4
    assert image.pixel_type == "float"
    assert (plane(path) == expected).all()


def test_that_metamorph_fei_and_zeiss_tell_the_size_of_a_pixel(tmp_path: Path) -> None:
    metamorph = (
        '<MetaData><PlaneInfo><prop id="spatial-calibration-state" type="bool" value="on"/>'
        '<prop id="spatial-calibration-x" type="float" value="0.325"/>'
        '<prop id="spatial-calibration-y" type="float" value="0.325"/>'
        '<prop id="spatial-calibration-units" type="string" value="um"/>'
        '<prop id="_IMAGE_NAME_" type="string" value="DAPI"/></PlaneInfo></MetaData>'
    )
    tifffile.imwrite(tmp_path / "m.tif", STACK[0], description=metamorph, software="MetaSeries", metadata=None)
    (image,) = read_image_file(tmp_path / "m.tif").images
    assert image.metadata.physical_size_x == micrometers(0.325)
    assert image.channels[0].metadata.name == "DAPI"

    fei = b"[Scan]\r\nPixelWidth=2.5e-009\r\nPixelHeight=2.5e-009\r\n\0"
    tifffile.imwrite(tmp_path / "f.tif", STACK[0], metadata=None, extratags=[(34682, 2, len(fei), fei, True)])
    size = read_image_file(tmp_path / "f.tif").images[0].metadata.physical_size_x
    assert size is not None
    assert (round(size.value, 9), size.unit) == (0.0025, "MICROMETER")

    sem = b"\r\nAP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size = 12.3 nm\r\n\0"
    tifffile.imwrite(tmp_path / "s.tif", STACK[0], metadata=None, extratags=[(34118, 2, len(sem), sem, True)])
    size = read_image_file(tmp_path / "s.tif").images[0].metadata.physical_size_x
    assert size == ValueWithUnit(12.3, "NANOMETER")


def test_that_scanimage_tells_the_size_of_a_pixel_and_the_time_of_a_frame(tmp_path: Path) -> None:
    settings = (
        "SI.hChannels.channelSave = 1\nSI.hRoiManager.imagingFovUm = [-50 -40;50 -40;50 40;-50 40]\n"
        "SI.hRoiManager.scanFrameRate = 4\n"
    )
    path = tmp_path / "s.tif"
    with tifffile.TiffWriter(path) as tiff:
        for each in STACK:
            tiff.write(each, software=settings, metadata=None, contiguous=False)
    (image,) = read_image_file(path).images
    assert (image.size_t, image.metadata.time_increment) == (6, ValueWithUnit(0.25, "SECOND"))
    assert image.metadata.physical_size_x == micrometers(5)
    assert image.metadata.physical_size_y == micrometers(5)


def test_that_andor_tells_the_time_of_a_frame(tmp_path: Path) -> None:
    tags = [(4864, 3, 1, 1, True), (4878, 12, 1, 0.5, True)]
    tifffile.imwrite(tmp_path / "a.tif", STACK, metadata=None, photometric="minisblack", extratags=tags)
    (image,) = read_image_file(tmp_path / "a.tif").images
    assert (image.size_t, image.metadata.time_increment) == (6, ValueWithUnit(0.5, "SECOND"))


def test_that_notes_that_make_no_sense_keep_no_image_out(tmp_path: Path) -> None:
    text = "<MetaData><PlaneInfo></MetaData>"
    tifffile.imwrite(tmp_path / "m.tif", STACK[0], description=text, software="MetaSeries", metadata=None)
    assert (plane(tmp_path / "m.tif") == STACK[0]).all()
    assert read_image_file(tmp_path / "m.tif").images[0].metadata.physical_size_x is None


@pytest.mark.parametrize("name", ["a.lsm", "a.STK", "a.svs", "a.qptiff", "a.gel"])
def test_that_files_of_the_makers_are_looked_at_in_a_folder(name: str) -> None:
    assert is_image_name(name)
    assert media_type(name) == "image/tiff"
