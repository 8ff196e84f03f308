"""Every kind of image file: its regions are numpy's, its metadata are told, and what is broken is refused."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import imagecodecs
import numpy as np
import pytest
import tensorstore
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_source
from omero_desk.server.images.library import read_image_file
from omero_desk.server.images.ome_xml import ValueWithUnit
from omero_desk.server.images.pixel_source import PixelSource

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OME = '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{}">{}</OME>'


def noise(shape: tuple[int, ...], dtype: str = "uint8", seed: int = 3) -> NDArray[Any]:
    return np.random.default_rng(seed).integers(0, 200, shape).astype(dtype)


def check(path: Path, expected: NDArray[Any], series: int = 0, level: int = 0, exact: bool = True) -> PixelSource:
    """Compare regions of a level with an array of axes T, C, Z, Y and X; returns the source, closed."""
    source = open_source(path, series)
    t, c, z, height, width = expected.shape
    assert (source.size_t, source.size_c, source.size_z) == (t, c, z)
    assert source.levels[level] == (width, height)
    rng = np.random.default_rng(1)
    spans = [(0, 0, width, height)]
    for _ in range(6):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        spans.append((x, y, int(rng.integers(1, width - x + 1)), int(rng.integers(1, height - y + 1))))
    for number, place in enumerate(np.ndindex(t, c, z)):
        x, y, w, h = spans[number % len(spans)]
        found = source.region(place[2], place[1], place[0], x, y, w, h, level)
        assert found.dtype == source.dtype
        wanted = expected[place][y : y + h, x : x + w]
        if exact:
            np.testing.assert_array_equal(found, wanted)
        else:
            assert np.abs(found.astype(int) - wanted.astype(int)).mean() < 6
    source.close()
    return source


LAYOUTS: dict[str, dict[str, Any]] = {
    "stored": {},
    "in strips": {"rowsperstrip": 5},
    "tiled": {"tile": (16, 32)},
    "deflated": {"compression": "zlib", "predictor": True},
    "LZW in tiles": {"compression": "lzw", "tile": (32, 16)},
    "zstd": {"compression": "zstd"},
    "BigTIFF": {"bigtiff": True, "tile": (16, 16)},
}


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["int8", "uint16", "int32", "float32", "float64"])
def test_that_stacks_of_every_layout_have_the_file_s_values(
    tmp_path: Path, layout: str, byteorder: Literal[">", "<"], dtype: str
) -> None:
    array = noise((2, 3, 2, 37, 53), dtype)
    path = tmp_path / "x.ome.tif"
    tifffile.imwrite(
        path, array, byteorder=byteorder, photometric="minisblack", metadata={"axes": "TCZYX"}, **LAYOUTS[layout]
    )
    assert check(path, array).dtype == dtype


@pytest.mark.parametrize("options", [{}, {"tile": (16, 16)}, {"compression": "zlib", "rowsperstrip": 7}])
def test_that_samples_of_colour_are_channels_however_they_lie(tmp_path: Path, options: dict[str, Any]) -> None:
    array = noise((4, 37, 53, 3))
    expected = np.moveaxis(array, -1, 1)[:, :, None]
    tifffile.imwrite(tmp_path / "pixels.tif", array, photometric="rgb", **options)
    check(tmp_path / "pixels.tif", expected)
    planes = np.ascontiguousarray(np.moveaxis(array, -1, 1))
    tifffile.imwrite(tmp_path / "planes.tif", planes, photometric="rgb", planarconfig="separate", **options)
    check(tmp_path / "planes.tif", expected)


@pytest.mark.parametrize(
    ("compression", "exact"), [("jpeg", False), ("jpeg2000", True), ("packbits", True), ("png", True)]
)
def test_that_compressed_colour_is_decoded(tmp_path: Path, compression: str, exact: bool) -> None:
    rows, columns = np.mgrid[0:64, 0:80]
    array = np.stack([rows * 2, columns * 2, rows + columns], axis=-1).astype(np.uint8)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, array, photometric="rgb", compression=compression, tile=(32, 32))
    check(path, np.moveaxis(array, -1, 0)[None, :, None], exact=exact)


def test_that_white_is_never_zero_and_a_palette_is_one_channel_of_its_indices(tmp_path: Path) -> None:
    array, table = noise((40, 50)), np.random.default_rng(2).integers(0, 2**16, (3, 256)).astype(np.uint16)
    tifffile.imwrite(tmp_path / "white.tif", array, photometric="miniswhite")
    check(tmp_path / "white.tif", (255 - array)[None, None, None])
    tifffile.imwrite(tmp_path / "table.tif", array, photometric="palette", colormap=table)
    check(tmp_path / "table.tif", array[None, None, None])
    assert not read_image_file(tmp_path / "table.tif").images[0].is_rgb


def test_that_one_bit_is_a_byte_but_in_ome_tiff(tmp_path: Path) -> None:
    bits = noise((30, 41)) > 99
    tifffile.imwrite(tmp_path / "x.tif", bits, photometric="minisblack")
    assert check(tmp_path / "x.tif", bits[None, None, None]).dtype == np.uint8
    tifffile.imwrite(tmp_path / "x.ome.tif", bits, photometric="minisblack")
    assert check(tmp_path / "x.ome.tif", bits[None, None, None]).dtype == np.bool_
    assert read_image_file(tmp_path / "x.ome.tif").images[0].pixel_type == "bit"


def test_that_a_fax_is_decoded(tmp_path: Path) -> None:
    bits = noise((30, 41)) > 99
    Image.fromarray(bits).save(tmp_path / "fax.tif", compression="group4")
    check(tmp_path / "fax.tif", bits[None, None, None])


def test_that_half_precision_is_widened_and_what_omero_has_not_is_refused(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "half.tif", noise((9, 8), "float16"))
    assert check(tmp_path / "half.tif", noise((9, 8), "float32")[None, None, None]).dtype == np.float32
    tifffile.imwrite(tmp_path / "long.tif", noise((9, 8), "uint64"))
    with pytest.raises(ImageFileError, match="uint64, which OMERO has not"):
        open_source(tmp_path / "long.tif", 0)


def test_that_volumes_in_one_page_and_imagej_s_one_page_stacks_are_cut_into_planes(tmp_path: Path) -> None:
    array = noise((8, 40, 50), "uint16")
    tifffile.imwrite(tmp_path / "volume.tif", array, volumetric=True, tile=(4, 16, 16))
    check(tmp_path / "volume.tif", array[None, None])
    tifffile.imwrite(tmp_path / "virtual.tif", array, metadata={"axes": "ZYX"}, truncate=True)
    check(tmp_path / "virtual.tif", array[None, None])
    stack = noise((2, 3, 4, 20, 30), "uint16")
    tifffile.imwrite(tmp_path / "ij.tif", stack, imagej=True, metadata={"axes": "TZCYX"})
    check(tmp_path / "ij.tif", stack.swapaxes(1, 2))


def test_that_imagej_tells_sizes_times_and_colours(tmp_path: Path) -> None:
    path = tmp_path / "ij.tif"
    tables = [np.stack([np.arange(256) * on for on in color]).astype(np.uint8) for color in ((1, 0, 0), (0, 1, 1))]
    tifffile.imwrite(
        path,
        noise((2, 3, 2, 20, 30), "uint16"),
        imagej=True,
        resolution=(1 / 0.107, 1 / 0.2),
        metadata={"axes": "TZCYX", "spacing": 0.5, "unit": "um", "finterval": 2.5, "LUTs": tables},
    )
    (image,) = read_image_file(path).images
    sizes = [image.metadata.physical_size_x, image.metadata.physical_size_y, image.metadata.physical_size_z]
    assert [round(each.value, 4) if each else None for each in sizes] == [0.107, 0.2, 0.5]
    assert {each.unit for each in sizes if each} == {"MICROMETER"}
    assert image.metadata.time_increment == ValueWithUnit(2.5, "SECOND")
    assert [channel.metadata.color for channel in image.channels] == [(255, 0, 0, 255), (0, 255, 255, 255)]


def test_that_plain_tiff_tells_its_resolution_time_and_description(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    tifffile.imwrite(
        path,
        noise((5, 4)),
        resolution=(20_000, 10_000),
        resolutionunit="centimeter",
        datetime="2024:03:01 10:00:00",
        description="a cell",
        metadata=None,
    )
    metadata = read_image_file(path).images[0].metadata
    assert metadata.physical_size_x == ValueWithUnit(0.5, "MICROMETER")
    assert metadata.physical_size_y == ValueWithUnit(1.0, "MICROMETER")
    assert (metadata.acquired, metadata.description) == (1_709_287_200_000, "a cell")


def write_pyramid(path: Path, levels: list[NDArray[Any]], **options: Any) -> None:
    with tifffile.TiffWriter(path, ome=path.name.endswith(".ome.tif")) as tiff:
        subifds: dict[str, Any] = {"subifds": len(levels) - 1} if path.name.endswith(".ome.tif") else {}
        tiff.write(levels[0], **options, **subifds)
        for level in levels[1:]:
            tiff.write(level, subfiletype=1, **options)


@pytest.mark.parametrize("name", ["by_subifd.ome.tif", "by_pages.tif"])
def test_that_pyramids_have_all_their_levels(tmp_path: Path, name: str) -> None:
    finest = noise((300, 400, 3))
    levels = [finest[::step, ::step] for step in (1, 2, 4)]
    path = tmp_path / name
    write_pyramid(path, levels, tile=(64, 64), photometric="rgb", metadata=None if name.endswith("s.tif") else {})
    for number, level in enumerate(levels):
        source = check(path, np.moveaxis(level, -1, 0)[None, :, None], level=number)
    assert source.tile == (64, 64)
    assert read_image_file(path).images[0].levels == 3


@pytest.mark.skipif(shutil.which("vips") is None, reason="libvips-tools is not installed")
@pytest.mark.parametrize("options", [["--pyramid"], ["--pyramid", "--subifd"], ["--pyramid", "--compression", "lzw"]])
def test_that_pyramids_of_vips_have_all_their_levels(tmp_path: Path, options: list[str]) -> None:
    array = noise((700, 900), "uint16")
    tifffile.imwrite(tmp_path / "plain.tif", array)
    path = tmp_path / "pyramid.tif"
    subprocess.run(["vips", "tiffsave", tmp_path / "plain.tif", path, "--tile", *options], check=True)
    source = check(path, array[None, None, None])
    assert source.levels == ((900, 700), (450, 350), (225, 175), (112, 87))
    smallest = open_source(path, 0)
    found = smallest.region(0, 0, 0, 0, 0, 112, 87, 3)
    smallest.close()
    assert abs(found.mean() - array.mean()) < 3


def write_set(folder: Path, names: list[str]) -> NDArray[Any]:
    """A multi-file OME-TIFF: one timepoint in each file."""
    array = noise((len(names), 20, 30), "uint16")
    data = "".join(
        f'<TiffData FirstT="{t}" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{t}</UUID></TiffData>'
        for t, name in enumerate(names)
    )
    pixels = (
        f'<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="30" SizeY="20"'
        f' SizeZ="1" SizeC="1" SizeT="{len(names)}"><Channel ID="Channel:0:0" SamplesPerPixel="1"/>{data}'
        "</Pixels></Image>"
    )
    for t, name in enumerate(names):
        if "/" not in name:
            tifffile.imwrite(folder / name, array[t], description=OME.format(t, pixels), metadata=None)
    return array


def test_that_an_image_over_several_files_is_whole_from_each_of_them(tmp_path: Path) -> None:
    names = ["a.ome.tif", "b.ome.tif", "c.ome.tif"]
    array = write_set(tmp_path, names)
    for name in names:
        check(tmp_path / name, array[:, None, None])
    file = read_image_file(tmp_path / "b.ome.tif")
    assert file.images[0].size_t == 3
    assert sorted(path.name for path in file.members) == names


@pytest.mark.parametrize("how", ["missing", "link", "path"])
def test_that_the_other_files_of_an_image_must_lie_beside_it(tmp_path: Path, how: str) -> None:
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    other = "../elsewhere/b.ome.tif" if how == "path" else "b.ome.tif"
    write_set(folder, ["a.ome.tif", other])
    tifffile.imwrite(elsewhere / "b.ome.tif", noise((20, 30), "uint16"))
    (folder / "b.ome.tif").unlink(missing_ok=True)
    if how == "link":
        (folder / "b.ome.tif").symlink_to(elsewhere / "b.ome.tif")
    reason = "is missing" if how == "missing" else "outside its folder"
    with pytest.raises(ImageFileError, match=reason):
        open_source(folder / "a.ome.tif", 0)
    with pytest.raises(ImageFileError, match=reason):
        read_image_file(folder / "a.ome.tif")


@pytest.mark.parametrize(
    ("mode", "channels", "kind"),
    [("L", 1, "uint8"), ("RGB", 3, "uint8"), ("RGBA", 4, "uint8"), ("LA", 2, "uint8")],
)
def test_that_png_has_its_values(tmp_path: Path, mode: str, channels: int, kind: str) -> None:
    array = noise((31, 47, channels), kind)
    path = tmp_path / "x.png"
    Image.fromarray(array if channels > 1 else array[..., 0]).save(path)
    assert check(path, np.moveaxis(array, -1, 0)[None, :, None]).dtype == kind
    (image,) = read_image_file(path).images
    assert (image.size_c, image.is_rgb, image.pixel_type) == (channels, channels >= 3, kind)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_that_png_of_16_bits_keeps_all_of_them(tmp_path: Path, channels: int) -> None:
    array = noise((31, 47, channels), "uint16") * 300 + 7
    path = tmp_path / "x.png"
    path.write_bytes(imagecodecs.png_encode(array if channels > 1 else array[..., 0]))
    assert check(path, np.moveaxis(array, -1, 0)[None, :, None]).dtype == np.uint16
    assert read_image_file(path).images[0].pixel_type == "uint16"


def test_that_a_png_of_a_palette_or_of_bits_is_as_it_looks(tmp_path: Path) -> None:
    picture = Image.fromarray(noise((31, 47, 3))).quantize(16)
    picture.save(tmp_path / "table.png")
    check(tmp_path / "table.png", np.moveaxis(np.asarray(picture.convert("RGB")), -1, 0)[None, :, None])
    bits = noise((31, 47)) > 99
    Image.fromarray(bits).save(tmp_path / "bits.png")
    check(tmp_path / "bits.png", (bits * 255)[None, None, None])


def test_that_jpeg_is_decoded_as_pillow_decodes_it(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    Image.fromarray(noise((60, 80, 3))).save(path, quality=90)
    with Image.open(path) as picture:
        expected = np.moveaxis(np.asarray(picture), -1, 0)[None, :, None]
    check(path, expected)
    check(path.rename(tmp_path / "misnamed.tif"), expected)


def write_zarr(path: Path, levels: list[NDArray[Any]], version: str, axes: str = "tczyx") -> None:
    """An OME-Zarr image of arrays; 0.4 stands on Zarr 2, 0.5 on Zarr 3."""
    for number, array in enumerate(levels):
        chunk = [1] * (array.ndim - 2) + [32, 48]
        store = {"driver": "file", "path": f"{path}/{number}/"}
        if version == "0.4":
            kind: dict[str, Any] = {
                "shape": array.shape,
                "chunks": chunk,
                "dtype": array.dtype.str,
                "dimension_separator": "/",
            }
            spec = {"driver": "zarr", "kvstore": store, "metadata": kind}
        else:
            grid = {"name": "regular", "configuration": {"chunk_shape": chunk}}
            kind = {"shape": array.shape, "data_type": array.dtype.name, "chunk_grid": grid}
            spec = {"driver": "zarr3", "kvstore": store, "metadata": kind}
        tensorstore.open(spec, create=True).result()[...] = array
    put_attributes(path, attributes(len(levels), axes), version)


def attributes(levels: int, axes: str = "tczyx") -> dict[str, Any]:
    units = {"t": "second", "x": "nanometer", "y": "micrometer", "z": "micrometer"}
    scale = [{"t": 2.5, "x": 107.0, "y": 0.2, "z": 0.5}.get(axis, 1.0) for axis in axes]
    return {
        "multiscales": [
            {
                "name": "cells",
                "axes": [{"name": axis, **({"unit": units[axis]} if axis in units else {})} for axis in axes],
                "datasets": [
                    {"path": str(number), "coordinateTransformations": [{"type": "scale", "scale": scale}]}
                    for number in range(levels)
                ],
            }
        ],
        "omero": {"channels": [{"label": "DAPI", "color": "0000FF"}, {"label": "GFP", "color": "00ff00"}]},
    }


def put_attributes(path: Path, told: dict[str, Any], version: str) -> None:
    if version == "0.4":
        (path / ".zattrs").write_text(json.dumps(told))
        (path / ".zgroup").write_text('{"zarr_format": 2}')
    else:
        ome = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": "0.5", **told}}}
        (path / "zarr.json").write_text(json.dumps(ome))


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_that_ome_zarr_has_its_planes_levels_and_metadata(tmp_path: Path, version: str) -> None:
    path = tmp_path / "x.ome.zarr"
    levels = [noise((2, 2, 3, 70, 90), "uint16")]
    levels.append(np.ascontiguousarray(levels[0][..., ::2, ::2]))
    write_zarr(path, levels, version)
    for number, level in enumerate(levels):
        source = check(path, level, level=number)
    assert (source.levels, source.tile) == (((90, 70), (45, 35)), (48, 32))
    (image,) = read_image_file(path).images
    assert (image.metadata.name, image.dimension_order, image.levels) == ("cells", "XYZCT", 2)
    assert image.metadata.physical_size_x == ValueWithUnit(107.0, "NANOMETER")
    assert image.metadata.physical_size_z == ValueWithUnit(0.5, "MICROMETER")
    assert image.metadata.time_increment == ValueWithUnit(2.5, "SECOND")
    told = [(channel.metadata.name, channel.metadata.color) for channel in image.channels]
    assert told == [("DAPI", (0, 0, 255, 255)), ("GFP", (0, 255, 0, 255))]
    assert image.channels[1].extremes == (levels[0][:, 1].min(), levels[0][:, 1].max())


def test_that_ome_zarr_may_have_fewer_axes_and_several_images(tmp_path: Path) -> None:
    arrays = [noise((2, 40, 50), seed=seed) for seed in (1, 2)]
    for number, array in enumerate(arrays):
        write_zarr(tmp_path / "x.zarr" / str(number), [array], "0.4", "cyx")
    put_attributes(tmp_path / "x.zarr", {"bioformats2raw.layout": 3}, "0.4")
    for number, array in enumerate(arrays):
        check(tmp_path / "x.zarr", array[None, :, None], series=number)
    assert len(read_image_file(tmp_path / "x.zarr").images) == 2


@pytest.mark.parametrize("place", ["../../secret", "/etc", "link"])
def test_that_ome_zarr_never_leads_out_of_its_folder(tmp_path: Path, place: str) -> None:
    path = tmp_path / "x.zarr"
    write_zarr(path, [noise((40, 50))], "0.4", "yx")
    write_zarr(tmp_path / "secret", [noise((40, 50))], "0.4", "yx")
    (path / "link").symlink_to(tmp_path / "secret" / "0")
    told = attributes(1, "yx")
    told["multiscales"][0]["datasets"][0]["path"] = place
    put_attributes(path, told, "0.4")
    with pytest.raises(ImageFileError, match="outside"):
        open_source(path, 0)


def test_that_regions_outside_are_index_errors(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, noise((20, 30)))
    source = open_source(path, 0)
    for place in ((0, 0, 0, 25, 0, 6, 1), (1, 0, 0, 0, 0, 1, 1), (0, 0, 0, -1, 0, 1, 1), (0, 0, 0, 0, 0, 0, 1)):
        with pytest.raises(IndexError):
            source.region(*place)
    with pytest.raises(IndexError):
        source.region(0, 0, 0, 0, 0, 1, 1, level=1)
    source.close()
    with pytest.raises(ImageFileError, match="no image of number 1"):
        open_source(path, 1)


def test_that_a_region_of_a_large_image_costs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    tifffile.imwrite(path, shape=(20_000, 20_000), dtype="uint16", tile=(256, 256), compression="zlib", data=tiles())
    source = open_source(path, 0)
    tracemalloc.start()
    found = source.region(0, 0, 0, 9_990, 9_990, 300, 300)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    source.close()
    np.testing.assert_array_equal(found, np.full((300, 300), 7))
    assert peak < 8 * 2**20


def tiles() -> Any:
    tile = np.full((256, 256), 7, np.uint16)
    return (tile for _ in range(79 * 79))


def test_that_several_threads_read_their_own_regions(tmp_path: Path) -> None:
    array = noise((6, 200, 300), "uint16")
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, array, photometric="minisblack", tile=(32, 32), compression="zlib")
    source = open_source(path, 0)
    wrong: list[int] = []

    def read(plane: int) -> None:
        for step in range(20):
            found = source.region(0, 0, plane, step, step, 250, 150)
            if not np.array_equal(found, array[plane, step : step + 150, step : step + 250]):
                wrong.append(plane)

    threads = [threading.Thread(target=read, args=(plane,)) for plane in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    source.close()
    assert not wrong


def test_that_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("1", (30_000, 20_000)).save(path)
    with pytest.raises(ImageFileError):
        read_image_file(path)
    tile = io.BytesIO()
    Image.new("L", (9_000, 9_000)).save(tile, "JPEG")
    tifffile.imwrite(
        tmp_path / "t.tif", iter([tile.getvalue()]), shape=(64, 64), dtype="uint8", tile=(64, 64), compression="jpeg"
    )
    tracemalloc.start()
    with pytest.raises(ImageFileError, match="holds 9000 x 9000 pixels"):
        read_image_file(tmp_path / "t.tif")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**24


def small_files(folder: Path) -> list[Path]:
    made = {name: folder / name for name in ("a.ome.tif", "b.tif", "c.tif", "d.png", "e.jpg")}
    tifffile.imwrite(made["a.ome.tif"], noise((2, 12, 14)), photometric="minisblack", metadata={"axes": "CYX"})
    tifffile.imwrite(made["b.tif"], noise((32, 40, 3)), photometric="rgb", tile=(16, 16), compression="jpeg")
    tifffile.imwrite(made["c.tif"], noise((3, 12, 14), "uint16"), imagej=True, metadata={"axes": "ZYX"})
    Image.fromarray(noise((20, 20, 3))).save(made["d.png"])
    Image.fromarray(noise((20, 20, 3))).save(made["e.jpg"])
    return list(made.values())


@FUZZ
@given(data=st.data())
def test_that_damaged_bytes_give_pixels_or_one_error_and_little_memory(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    path = data.draw(st.sampled_from(small_files(folder)))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)) | st.just(len(content)))])
    tracemalloc.start()
    refused = raised_only_image_file_errors(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**28
    assert refused or path.stat().st_size > 0


def raised_only_image_file_errors(path: Path) -> bool:
    """Read a file and its pixels; True if it was refused."""
    try:
        for image in read_image_file(path).images:
            source = open_source(path, image.series)
            source.region(0, 0, 0, 0, 0, min(source.size_x, 99), min(source.size_y, 99))
            source.close()
    except ImageFileError as error:
        assert path.name in str(error)
        return True
    return False


@FUZZ
@given(
    told=st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["multiscales", "datasets", "axes", "path", "omero", "channels", "plate", "wells", "name"]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    )
)
def test_that_any_description_of_ome_zarr_gives_an_image_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, told: Any
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x.zarr"
    path.mkdir()
    (path / ".zattrs").write_text(json.dumps(told))
    with pytest.raises(ImageFileError):
        read_image_file(path)


@pytest.mark.parametrize(
    "change", [lambda told: told.update(shape=[2**40, 2**40]), lambda told: told.update(chunks=[2**20, 2**20])]
)
def test_that_ome_zarr_of_monstrous_sizes_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = tmp_path / "x.zarr"
    write_zarr(path, [noise((40, 50))], "0.4", "yx")
    header = path / "0" / ".zarray"
    told = json.loads(header.read_text())
    change(told)
    header.write_text(json.dumps(told))
    with pytest.raises(ImageFileError):
        read_image_file(path)
