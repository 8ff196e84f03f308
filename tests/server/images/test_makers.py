"""Files of makers of microscopes that libraries of the extra `formats` read, written as the makers write them.

Nikon's ND2 cannot be written here: it was tried by hand, with a file from a microscope.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from omero_desk.server.images import image_format
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import FORMATS, open_source
from omero_desk.server.images.library import read_image_file
from omero_desk.server.images.ome_xml import ChannelMetadata, ValueWithUnit
from tests.support.makers_files import (
    write_compound_circle,
    write_czi,
    write_dicom,
    write_lif,
    write_oif,
)

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
STACK = np.random.default_rng(5).integers(0, 4000, (2, 3, 4, 10, 12)).astype(np.uint16)
"""T, C, Z, Y and X."""


def needs(library: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not image_format.is_installed(library), reason=f"{library} is not installed")


def pixels(path: Path, series: int = 0) -> NDArray[np.generic]:
    """All planes of an image: (T, C, Z, Y, X)."""
    with closing(open_source(path, series)) as source:
        planes = [
            source.region(z, c, t, 0, 0, source.size_x, source.size_y)
            for t in range(source.size_t)
            for c in range(source.size_c)
            for z in range(source.size_z)
        ]
        shape = (source.size_t, source.size_c, source.size_z, source.size_y, source.size_x)
        return np.reshape(planes, shape)


@needs("czifile")
@pytest.mark.parametrize("packed", ["", "zstd", "zstd with its bytes apart"])
def test_that_czi_has_its_planes_sizes_and_channels(tmp_path: Path, packed: str) -> None:
    path = write_czi(tmp_path / "x.czi", STACK, packed)
    (image,) = read_image_file(path).images
    assert (image.format, image.pixel_type, image.is_rgb) == ("ZeissCZI", "uint16", False)
    assert image.metadata.physical_size_x == ValueWithUnit(0.25, "MICROMETER")
    assert [channel.metadata for channel in image.channels][:2] == [
        ChannelMetadata("DAPI", (0, 161, 255, 255), emission=ValueWithUnit(465.0, "NANOMETER")),
        ChannelMetadata("GFP"),
    ]
    assert (pixels(path) == STACK).all()


@needs("czifile")
def test_that_the_tiles_of_a_czi_are_put_together_and_its_scenes_are_images(tmp_path: Path) -> None:
    whole = np.arange(2 * 20 * 30, dtype=np.uint8).reshape(2, 20, 30)
    blocks = [
        ({"S": scene, "M": tile}, (x, 0), whole[scene][:, x : x + 15], (15, 20))
        for scene in range(2)
        for tile, x in enumerate((0, 15))
    ]
    small = [({"S": scene}, (0, 0), whole[scene][::2, ::2], (30, 20)) for scene in range(2)]
    path = write_czi(tmp_path / "x.czi", [*blocks, *small])
    first, second = read_image_file(path).images
    assert (first.size_x, first.size_y, first.levels) == (30, 20, 2)
    assert (pixels(path, 1)[0, 0, 0] == whole[1]).all()
    with closing(open_source(path, 0)) as source:
        assert source.levels == ((30, 20), (15, 10))
        assert (source.region(0, 0, 0, 10, 4, 12, 9) == whole[0][4:13, 10:22]).all()
        assert (source.region(0, 0, 0, 3, 2, 5, 4, 1) == whole[0][::2, ::2][2:6, 3:8]).all()
    assert second.series == 1


@needs("czifile")
def test_that_colours_of_czi_are_red_green_and_blue(tmp_path: Path) -> None:
    color = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    path = write_czi(tmp_path / "x.czi", [({}, (0, 0), color[..., ::-1], (5, 4))])
    (image,) = read_image_file(path).images
    assert (image.size_c, image.is_rgb) == (3, True)
    assert (np.moveaxis(pixels(path)[0, :, 0], 0, -1) == color).all()


@needs("liffile")
def test_that_lif_has_an_image_for_each_of_its_own(tmp_path: Path) -> None:
    path = write_lif(tmp_path / "x.lif", {"first": STACK, "second": STACK[:1, :1, ::-1]})
    first, second = read_image_file(path).images
    assert [each.metadata.name for each in (first, second)] == ["first", "second"]
    assert (first.format, first.size_t, first.size_c, first.size_z, second.size_t) == ("LIF", 2, 3, 4, 1)
    assert first.metadata.physical_size_x == ValueWithUnit(0.5, "MICROMETER")
    assert first.metadata.physical_size_z == ValueWithUnit(0.5, "MICROMETER")
    assert first.channels[0].metadata.color == (0, 255, 0, 255)
    assert (pixels(path) == STACK).all()
    assert (pixels(path, 1) == STACK[:1, :1, ::-1]).all()


@needs("oiffile")
def test_that_oif_has_the_planes_in_its_folder(tmp_path: Path) -> None:
    path = write_oif(tmp_path / "x.oif", STACK)
    (image,) = read_image_file(path).images
    assert (image.format, image.metadata.significant_bits) == ("FV1000", 12)
    assert image.metadata.physical_size_x == ValueWithUnit(0.177, "MICROMETER")
    assert image.metadata.physical_size_z == ValueWithUnit(840.0, "NANOMETER")
    assert [channel.metadata.name for channel in image.channels] == ["CH1", "CH2", "CH3"]
    assert (pixels(path) == STACK).all()


@needs("oiffile")
def test_that_a_compound_file_whose_sectors_run_in_a_circle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageFileError, match=r"x\.oib cannot be read: its list of sectors runs in a circle\.$"):
        read_image_file(write_compound_circle(tmp_path / "x.oib"))


@needs("pydicom")
@pytest.mark.parametrize("inverted", [False, True])
def test_that_frames_of_dicom_count_along_z(tmp_path: Path, inverted: bool) -> None:
    path = write_dicom(tmp_path / "x.dcm", STACK[0, 0], inverted=inverted)
    (image,) = read_image_file(path).images
    assert (image.format, image.size_z, image.size_t, image.pixel_type) == ("Dicom", 4, 1, "uint16")
    metadata = image.metadata
    assert metadata.physical_size_x == ValueWithUnit(0.5, "MILLIMETER")
    assert metadata.physical_size_y == ValueWithUnit(0.25, "MILLIMETER")
    assert metadata.physical_size_z == ValueWithUnit(2.0, "MILLIMETER")
    assert metadata.acquired == 1_709_287_200_000
    assert (pixels(path)[0, 0] == (65535 - STACK[0, 0] if inverted else STACK[0, 0])).all()


@pytest.mark.parametrize("each", [each for each in FORMATS if each.library], ids=lambda each: each.names[0])
def test_that_a_file_is_refused_with_what_would_read_it(
    tmp_path: Path, each: image_format.ImageFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_format, "is_installed", lambda library: False)
    starts = {
        "czifile": b"ZISRAWFILE",
        "nd2": b"\xda\xce\xbe\x0a",
        "liffile": b"\x70\0\0\0\1\0\0\0\x2a",
        "pydicom": bytes(128) + b"DICM",
        "oiffile": "\ufeff[ProfileSaveInfo]".encode("utf-16-le")
        if ".oif" in each.endings
        else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    }
    path = tmp_path / f"x{each.endings[0]}"
    path.write_bytes(starts[each.library])
    with pytest.raises(ImageFileError, match=r"install omero-desk\[formats\] for .* files\.$"):
        read_image_file(path)


def good_files(folder: Path) -> dict[str, bytes]:
    """The bytes of a small file of each kind that can be written, by its ending."""
    small = STACK[:1, :1, :1]
    paths = []
    if image_format.is_installed("czifile"):
        paths.append(write_czi(folder / "g.czi", small))
    if image_format.is_installed("liffile"):
        paths.append(write_lif(folder / "g.lif", {"a": small}))
    if image_format.is_installed("oiffile"):
        paths.append(write_oif(folder / "g.oif", small))
    if image_format.is_installed("pydicom"):
        paths.append(write_dicom(folder / "g.dcm", small[0, 0]))
    return {path.suffix: path.read_bytes() for path in paths}


WORDS_OF_LIBRARIES = (
    "argument", "tuple", "object", "struct", "buffer", "Error", "None", "0x", "Traceback", "==", "NoneType", "()",
)  # fmt: skip


def read_or_refuse(path: Path) -> None:
    try:
        images = read_image_file(path).images
    except ImageFileError as error:
        said = str(error).replace(str(path), "it")
        assert said.endswith(".")
        assert not [word for word in WORDS_OF_LIBRARIES if word in said], said
    else:
        assert all(image.size_x > 0 for image in images)


@FEW
@given(data=st.data())
def test_that_a_file_with_other_bytes_is_read_or_refused_in_words(tmp_path: Path, data: st.DataObject) -> None:
    files = good_files(tmp_path)
    for suffix, content in files.items():  # not always of the same length: a UID in DICOM is of any
        place = data.draw(st.integers(0, 2999), suffix) % len(content)
        length = data.draw(st.integers(1, 8), "length")
        changed = bytearray(content)
        changed[place : place + length] = data.draw(st.binary(min_size=length, max_size=length), "bytes")
        path = tmp_path / f"bad{suffix}"
        path.write_bytes(changed[: 600 + int(data.draw(st.floats(0, 1), "cut") * len(content))])
        read_or_refuse(path)


@FEW
@given(tail=st.binary(max_size=600))
def test_that_random_bytes_behind_a_signature_are_refused_in_words(tmp_path: Path, tail: bytes) -> None:
    starts = {
        "x.czi": b"ZISRAWFILE" + bytes(6),
        "x.nd2": b"\xda\xce\xbe\x0a",
        "y.nd2": b"\0\0\0\x0cjP  \r\n\x87\n",
        "x.lif": b"\x70\0\0\0\1\0\0\0\x2a",
        "x.dcm": bytes(128) + b"DICM",
        "x.oib": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "x.oif": b"\xff\xfe[\0a\0]\0",
        "x.tif": b"II*\0",
        "x.png": b"\x89PNG\r\n\x1a\n",
        "x.jpg": b"\xff\xd8\xff",
    }
    for name, start in starts.items():
        (tmp_path / name).write_bytes(start + tail)
        read_or_refuse(tmp_path / name)
