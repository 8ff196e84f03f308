"""Files whose sizes, channels and units are easily read wrongly; the values are Bio-Formats' unless said otherwise."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_source
from omero_desk.server.images.library import ImageRecord, read_image_file
from omero_desk.server.images.ome_xml import ValueWithUnit, unit_named
from tests.support.present import present

NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
STACK = np.random.default_rng(5).integers(0, 255, (6, 16, 20)).astype(np.uint8)


def only_image(path: Path) -> ImageRecord:
    (image,) = read_image_file(path).images
    return image


def sizes(image: ImageRecord) -> dict[str, int]:
    found = {"X": image.size_x, "Y": image.size_y, "Z": image.size_z, "C": image.size_c, "T": image.size_t}
    return {axis: size for axis, size in found.items() if size > 1}


def plane(path: Path, z: int = 0, c: int = 0, t: int = 0) -> NDArray[np.generic]:
    with closing(open_source(path, 0)) as source:
        return source.region(z, c, t, 0, 0, source.size_x, source.size_y)


def ome(inside: str, uuid: str = "") -> str:
    return f'<OME xmlns="{NAMESPACE}"{uuid}>{inside}</OME>'


def described(inside: str, z: int = 1, c: int = 1, samples: int = 1, order: str = "XYZCT", channels: int = 1) -> str:
    each = "".join(f'<Channel ID="Channel:0:{n}" SamplesPerPixel="{samples}"/>' for n in range(channels))
    return (
        f'<Image ID="Image:0" Name="n"><Pixels ID="Pixels:0" DimensionOrder="{order}" Type="uint8" SizeX="20" '
        f'SizeY="16" SizeZ="{z}" SizeC="{c}" SizeT="1" PhysicalSizeX="0.2">{each}{inside}</Pixels></Image>'
    )


def write_pages(path: Path, pages: Iterable[NDArray[Any]], description: str, **options: Any) -> Path:
    with tifffile.TiffWriter(path) as tiff:
        for number, each in enumerate(pages):
            told: Any = {"description": description} if not number else {}
            tiff.write(each, metadata=None, contiguous=False, **told, **options)
    return path


@pytest.mark.parametrize("color", [(1, 1, 1), (0, 1, 0), (1, 0, 1)])
def test_that_a_palette_is_one_channel_in_its_colour(tmp_path: Path, color: tuple[int, int, int]) -> None:
    table = np.array(color, np.uint16)[:, None] * (np.arange(256, dtype=np.uint16) * 257)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, STACK[0], photometric="palette", colormap=table, metadata=None)
    image = only_image(path)
    assert (image.size_c, image.pixel_type, image.is_rgb) == (1, "uint8", False)
    expected = None if color == (1, 1, 1) else (*(255 * part for part in color), 255)
    assert image.channels[0].metadata.color == expected
    assert (plane(path) == STACK[0]).all()


def test_that_ome_tiff_may_have_a_palette(tmp_path: Path) -> None:
    table = np.zeros((3, 256), np.uint16)
    table[1] = np.arange(256) * 257
    text = ome(described("<TiffData/>", z=3)).replace("<Channel ", '<Channel Name="GFP" ')
    path = write_pages(tmp_path / "x.ome.tif", STACK[:3], text, photometric="palette", colormap=table)
    image = only_image(path)
    assert sizes(image) == {"X": 20, "Y": 16, "Z": 3}
    assert image.channels[0].metadata.name == "GFP"
    assert (plane(path, z=2) == STACK[2]).all()


@pytest.mark.parametrize("inside", ["", "<MetadataOnly/>"])
@pytest.mark.parametrize(("order", "z", "c"), [("XYZCT", 1, 1), ("XYCZT", 2, 0)])
def test_that_ome_tiff_without_tiffdata_has_its_pages_in_order(
    tmp_path: Path, inside: str, order: str, z: int, c: int
) -> None:
    text = ome(described(inside, z=3, c=2, order=order, channels=2))
    path = write_pages(tmp_path / "x.ome.tif", STACK, text)
    assert sizes(only_image(path)) == {"X": 20, "Y": 16, "Z": 3, "C": 2}
    assert (plane(path, z, c) == STACK[4]).all()


def test_that_images_without_tiffdata_have_the_pages_one_after_the_other(tmp_path: Path) -> None:
    text = ome(described("", z=2) + described("", z=4).replace(":0", ":1"))
    path = write_pages(tmp_path / "x.ome.tif", STACK, text)
    assert [image.size_z for image in read_image_file(path).images] == [2, 4]
    with closing(open_source(path, 1)) as source:
        assert (source.region(3, 0, 0, 0, 0, 20, 16) == STACK[5]).all()


@pytest.mark.parametrize(("size_c", "samples"), [(1, 3), (1, 1), (3, 1), (3, 3)])
def test_that_samples_of_colour_count_whatever_ome_xml_says(tmp_path: Path, size_c: int, samples: int) -> None:
    pixels = np.moveaxis(STACK[:3], 0, -1)
    text = ome(described("<TiffData/>", c=size_c, samples=samples, channels=size_c // samples or 1))
    path = write_pages(tmp_path / "x.ome.tif", [pixels], text, photometric="rgb")
    image = only_image(path)
    assert (image.size_c, image.is_rgb) == (3, True)
    assert [channel.metadata.name for channel in image.channels] == ["Red", "Green", "Blue"]
    assert (plane(path, c=1) == STACK[1]).all()


def write_set(folder: Path, names: list[str], master: str) -> None:
    """Files of a plane each, all of which leave it to one file to describe them."""
    data = "".join(
        f'<TiffData FirstZ="{z}" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{z}</UUID></TiffData>'
        for z, name in enumerate(names)
    )
    whole = ome(described(data, z=len(names)), ' UUID="urn:uuid:9"')
    if master not in names:
        (folder / master).write_text(whole)
    for z, name in enumerate(names):
        only = ome(f'<BinaryOnly MetadataFile="{master}" UUID="urn:uuid:9"/>', f' UUID="urn:uuid:{z}"')
        write_pages(folder / name, [STACK[z]], whole if name == master else only)


@pytest.mark.parametrize("master", ["set.companion.ome", "c.ome.tif", "a.ome.tif"])
def test_that_a_set_is_one_image_from_each_of_its_files(tmp_path: Path, master: str) -> None:
    names = ["a.ome.tif", "b.ome.tif", "c.ome.tif"]
    write_set(tmp_path, names, master)
    for name in {*names, master}:
        file = read_image_file(tmp_path / name)
        (image,) = file.images
        assert sizes(image) == {"X": 20, "Y": 16, "Z": 3}
        assert (image.format, image.metadata.physical_size_x) == ("OMETiff", ValueWithUnit(0.2, "MICROMETER"))
        assert {member.name for member in file.members} == {*names, master}
        assert (plane(tmp_path / name, z=2) == STACK[2]).all()


def test_that_a_file_of_a_set_is_read_by_itself_if_the_one_that_describes_it_is_missing(tmp_path: Path) -> None:
    write_set(tmp_path, ["a.ome.tif", "b.ome.tif"], "set.companion.ome")
    (tmp_path / "set.companion.ome").unlink()
    assert sizes(only_image(tmp_path / "b.ome.tif")) == {"X": 20, "Y": 16}


def test_that_a_companion_says_what_it_lacks(tmp_path: Path) -> None:
    write_set(tmp_path, ["a.ome.tif", "b.ome.tif"], "set.companion.ome")
    tifffile.imwrite(tmp_path / "a.ome.tif", STACK[0], metadata=None)
    with pytest.raises(ImageFileError, match=r"describes a\.ome\.tif, which does not say so\.$"):
        read_image_file(tmp_path / "set.companion.ome")
    (tmp_path / "a.ome.tif").unlink()
    with pytest.raises(ImageFileError, match=r"needs the file 'a\.ome\.tif' beside it, which is missing\.$"):
        read_image_file(tmp_path / "set.companion.ome")


@pytest.mark.parametrize("name", ["../set.companion.ome", "/etc/passwd", ".."])
def test_that_a_set_is_never_described_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = write_pages(tmp_path / "a.ome.tif", [STACK[0]], ome(f'<BinaryOnly MetadataFile="{name}"/>'))
    with pytest.raises(ImageFileError, match="outside its folder"):
        read_image_file(path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((text, "MICROMETER") for text in ("micron", "microns", "um", "µm", "μm", "micrometer", "Micrometre")),
        *(("nm", "NANOMETER"), ("nanometers", "NANOMETER"), ("mm", "MILLIMETER"), ("Mm", "MEGAMETER")),
        *(("cm", "CENTIMETER"), ("inch", "INCH"), ("inches", "INCH"), ("in", "INCH"), ("pixel", "PIXEL")),
        *(("pixels", "PIXEL"), ("angstrom", "ANGSTROM"), ("metres", "METER"), ("feet", "FOOT"), ("ell", None)),
    ],
)
def test_that_lengths_have_the_unit_that_people_write(text: str, name: str | None) -> None:
    assert unit_named("Length", text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("s", "SECOND"), ("sec", "SECOND"), ("min", "MINUTE"), ("minutes", "MINUTE"), ("ms", "MILLISECOND")),
        *(
            ("msec", "MILLISECOND"),
            ("h", "HOUR"),
            ("hours", "HOUR"),
            ("usec", "MICROSECOND"),
            ("d", "DAY"),
            ("x", None),
        ),
    ],
)
def test_that_times_have_the_unit_that_people_write(text: str, name: str | None) -> None:
    assert unit_named("Time", text) == name


def test_that_imagej_s_axes_have_their_own_units(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    notes = {"unit": "nm", "yunit": "\\u00B5m", "zunit": "micron", "spacing": 0.05, "finterval": 2.0, "tunit": "min"}
    tifffile.imwrite(path, STACK, imagej=True, resolution=(10, 10), metadata={"axes": "ZYX", **notes})
    metadata = only_image(path).metadata
    assert metadata.physical_size_x == ValueWithUnit(0.1, "NANOMETER")
    assert metadata.physical_size_y == ValueWithUnit(0.1, "MICROMETER")
    assert metadata.physical_size_z == ValueWithUnit(0.05, "MICROMETER")
    assert metadata.time_increment == ValueWithUnit(2.0, "MINUTE")


@pytest.mark.parametrize("shape", [(2, 5, 16, 20), (2, 3, 4, 8, 9)])
def test_that_axes_without_a_name_count_along_t(tmp_path: Path, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(3).integers(0, 999, shape).astype(np.uint16)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, array, photometric="minisblack")
    planes = array.reshape(-1, *shape[-2:])
    assert sizes(only_image(path)) == {"X": shape[-1], "Y": shape[-2], "T": len(planes)}
    assert all((plane(path, t=t) == each).all() for t, each in enumerate(planes))


@pytest.mark.parametrize("samples", [2, 3, 5])
def test_that_grey_samples_are_channels_without_names(tmp_path: Path, samples: int) -> None:
    pixels = np.moveaxis(STACK[:samples], 0, -1).astype(np.uint16)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, pixels, photometric="minisblack", planarconfig="contig", metadata=None)
    image = only_image(path)
    assert (image.size_c, image.is_rgb) == (samples, False)
    assert {channel.metadata.name for channel in image.channels} == {None}
    assert (plane(path, c=1) == STACK[1]).all()


@pytest.mark.parametrize(("kind", "samples"), [(0, 1), (2, 3)])
def test_that_a_transparent_colour_of_a_png_of_16_bits_is_no_channel(tmp_path: Path, kind: int, samples: int) -> None:
    pixels = np.random.default_rng(4).integers(0, 2**16, (16, 20, samples)).astype(np.uint16)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    path = tmp_path / "x.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 20, 16, 16, kind, 0, 0, 0))
        + chunk(b"tRNS", pixels[0, 0].astype(">u2").tobytes())
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    image = only_image(path)
    assert (image.size_c, image.pixel_type) == (samples, "uint16")
    assert all((plane(path, c=c) == pixels[..., c]).all() for c in range(samples))


def write_zarr(path: Path, told: dict[str, Any], header: dict[str, Any]) -> Path:
    (path / "0").mkdir(parents=True)
    axes = [{"name": name, "type": "space", "unit": "micrometer"} for name in "yx"]
    scale = [{"type": "scale", "scale": [0.5, 0.25]}]
    datasets = [{"path": "0", "coordinateTransformations": scale}]
    multiscale = {"version": "0.4", "axes": axes, "datasets": datasets, **told}
    (path / ".zattrs").write_text(json.dumps({"multiscales": [multiscale]}))
    plain = {"zarr_format": 2, "shape": [16, 16], "chunks": [8, 8], "dtype": "<u2", "compressor": None, "order": "C"}
    (path / "0" / ".zarray").write_text(json.dumps({**plain, "filters": None, "fill_value": 0, **header}))
    (path / "0" / "0.0").write_bytes(np.arange(64, dtype="<u2").tobytes())
    return path


def test_that_the_scale_of_all_levels_comes_on_top_of_that_of_the_finest(tmp_path: Path) -> None:
    told = {"coordinateTransformations": [{"type": "scale", "scale": [2, 4]}]}
    metadata = only_image(write_zarr(tmp_path / "x.zarr", told, {})).metadata
    assert metadata.physical_size_y == ValueWithUnit(1.0, "MICROMETER")
    assert metadata.physical_size_x == ValueWithUnit(1.0, "MICROMETER")


def test_that_the_number_that_fills_an_array_may_be_written_as_a_text(tmp_path: Path) -> None:
    path = write_zarr(tmp_path / "x.zarr", {}, {"fill_value": "7"})
    found = plane(path)
    assert (found[:8, :8].ravel() == np.arange(64)).all()
    assert (found[8:] == 7).all()


def hot_table(colors: int) -> NDArray[np.uint16]:
    """A palette that leads to no colour evenly: from blue to red."""
    table = np.zeros((3, colors), np.uint16)
    table[0] = np.arange(colors) * (65535 // (colors - 1))
    table[2] = 65535 - table[0]
    return table


def write_indexed(path: Path, table: NDArray[np.uint16], indices: NDArray[Any] = STACK[0]) -> Path:
    tifffile.imwrite(path, indices, photometric="palette", colormap=table, metadata=None)
    return path


def test_that_a_palette_of_several_colours_is_the_lookup_table_of_its_channel(tmp_path: Path) -> None:
    image = only_image(write_indexed(tmp_path / "x.tif", hot_table(256)))
    assert (image.size_c, image.pixel_type) == (1, "uint8")
    told = image.channels[0].metadata
    lut = np.frombuffer(bytes.fromhex(present(told.palette)), np.uint8).reshape(3, 256)
    assert (lut == hot_table(256) // 257).all()
    assert (plane(tmp_path / "x.tif") == STACK[0]).all()


def test_that_a_long_palette_is_one_of_256_colours(tmp_path: Path) -> None:
    image = only_image(write_indexed(tmp_path / "x.tif", hot_table(65536), STACK[0].astype(np.uint16)))
    lut = np.frombuffer(bytes.fromhex(present(image.channels[0].metadata.palette)), np.uint8).reshape(3, 256)
    assert np.abs(lut.astype(int) - hot_table(65536)[:, ::257] / 257).max() <= 1


@pytest.mark.parametrize(
    ("tags", "format_name"),
    [
        ({}, "TiffDelegate"),
        ({"description": ome(described("<TiffData/>"))}, "OMETiff"),
        ({"software": "MetaSeries", "description": "<MetaData><PlaneInfo></PlaneInfo></MetaData>"}, "MetamorphTiff"),
        ({"description": "Aperio Image Library v1|MPP = 0.5"}, "SVS"),
        ({"extratags": [(34682, 2, 8, "[Scan]\r\n", True)]}, "FEITiff"),
    ],
)
def test_that_an_image_has_the_format_that_omero_gives_it(
    tmp_path: Path, tags: dict[str, Any], format_name: str
) -> None:
    tifffile.imwrite(tmp_path / "x.tif", STACK[0], metadata=None, **tags)
    assert only_image(tmp_path / "x.tif").format == format_name
