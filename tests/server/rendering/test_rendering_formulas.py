from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from omero_desk.server.rendering import projection
from omero_desk.server.rendering.composite import ChannelLayer, Picture, compose
from omero_desk.server.rendering.curve import FAMILIES, Mapping8Bit
from omero_desk.server.rendering.luts import PATHS, as_file, lookup_table
from omero_desk.server.rendering.palette import codomain_table, colour_palette, grey_palette
from omero_desk.server.rendering.pixel_range import pixel_range
from omero_desk.server.rendering.quantum import Quantizer, quantizer
from omero_desk.server.rendering.scaling import level_for, size_by_longest_side, stride_for
from tests.support.rendering_reference import TYPE_RANGES, Channel, device, grey, pixel, quantize

DTYPES = {"bit": "bool", "float": "float32", "double": "float64"}
KINDS = sorted(TYPE_RANGES)


def dtype_of(kind: str) -> np.dtype[Any]:
    return np.dtype(DTYPES.get(kind, kind))


def made(channel: Channel) -> Quantizer:
    mapping = Mapping8Bit(
        *(channel.start, channel.end, channel.family, channel.k, channel.noise),
        *(channel.cd_start, channel.cd_end, channel.resolution),
    )
    extremes = None if channel.least is None or channel.most is None else (channel.least, channel.most)
    return quantizer(pixel_range(dtype_of(channel.kind), channel.bits), mapping, extremes)


def layer(channel: Channel, pixels: NDArray[Any], *, is_grey: bool = False) -> ChannelLayer:
    palette = channel.lut if channel.lut is not None else colour_palette(*channel.color)
    codomain = codomain_table(channel.cd_start, channel.cd_end, is_reversed=channel.reverse)
    return ChannelLayer(pixels, made(channel), codomain, grey_palette() if is_grey else palette)


def picture(channels: list[Channel], planes: list[NDArray[Any]]) -> Picture:
    layers = [layer(channel, plane) for channel, plane in zip(channels, planes, strict=True)]
    return compose(layers, *planes[0].shape)


def samples(kind: str, low: float, high: float, extra: list[float]) -> NDArray[Any]:
    """Values all over the type and around the places where something happens."""
    limits = TYPE_RANGES[kind]
    if kind in ("float", "double"):
        special = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-30, 3e38]
        return np.array([*np.linspace(low, high, 40), *special, *extra, low, high]).astype(dtype_of(kind))
    spots = [limits[0], limits[1], 0, 1, *(int(v) + d for v in (low, high, *extra) for d in (-1, 0, 1))]
    spread = [*np.linspace(limits[0], limits[1], 40), *np.linspace(low, high, 40), *spots]
    return np.array([int(min(max(v, limits[0]), limits[1])) for v in spread], np.int64).astype(dtype_of(kind))


@st.composite
def channels(draw: st.DrawFn, kind: str | None = None) -> Channel:
    kind = kind or draw(st.sampled_from(KINDS))
    low, high = TYPE_RANGES[kind]
    whole = kind not in ("float", "double")
    values = st.integers(low, high) if whole else st.floats(-1000, 1000, allow_nan=False)
    near = st.integers(max(low, -300), min(high, 300)) | values
    start, end = sorted((float(draw(near)), float(draw(near))))
    cd_start = draw(st.sampled_from([0, 0, 0, 3, 100]))
    known = draw(st.none() | st.tuples(near, near).map(sorted))
    return Channel(
        kind=kind,
        start=start,
        end=end,
        family=draw(st.sampled_from(sorted(FAMILIES))),
        k=draw(st.sampled_from([1.0, 0.2, 0.5, 1.7, 4.0])),
        noise=draw(st.booleans()),
        cd_start=cd_start,
        cd_end=draw(st.sampled_from([255, 255, 200, 101])),
        resolution=draw(st.sampled_from([255, 127, 15, 1])),
        least=float(known[0]) if known else None,
        most=float(known[1]) if known else None,
        bits=draw(st.none() | st.integers(2, 16)) if whole and kind != "bit" else None,
        color=draw(st.tuples(*[st.integers(0, 255)] * 3, st.sampled_from([255, 255, 128, 0]))),
        reverse=draw(st.booleans()),
    )


@settings(max_examples=300, deadline=None)
@given(channels())
@example(Channel("uint8", 0, 255))
@example(Channel("uint16", 100, 100))
@example(Channel("uint16", 0, 65535, noise=True, least=0, most=4000))
@example(Channel("int16", -5, 5, "logarithmic"))
@example(Channel("uint16", 0, 5000, bits=12))
@example(Channel("float", 0, 0))
@example(Channel("float", 5, 5))
@example(Channel("double", -1, 1, "exponential", 4.0))
@example(Channel("double", 0, 5e-324, "exponential"))
@example(Channel("double", 0, 383 * 5e-324))
@example(Channel("uint32", 0, 2**32 - 1))
@example(Channel("uint8", 200, 100))
@example(Channel("uint16", math.nan, math.inf))
@example(Channel("float", -math.inf, math.inf))
@example(Channel("bit", 0, 1))
@example(Channel("double", -3, 0, cd_start=3, cd_end=101, resolution=1))
@example(Channel("int8", -10, 32, resolution=1))
def test_that_every_value_of_every_type_is_mapped_as_the_formulas_say(channel: Channel) -> None:
    low, high = TYPE_RANGES[channel.kind]
    start, end = (max(min(v, high), low) if math.isfinite(v) else low for v in (channel.start, channel.end))
    pixels = samples(channel.kind, start, end, [channel.least or 0, channel.most or 0])
    found = made(channel).table[made(channel).places(pixels)]
    assert found.tolist() == [quantize(channel, float(value)) for value in pixels.tolist()]


@pytest.mark.parametrize("kind", ["int8", "uint8", "bit"])
def test_that_a_byte_s_every_pattern_has_its_value(kind: str) -> None:
    channel = Channel(kind, *TYPE_RANGES[kind], family="polynomial", k=0.5)
    patterns = np.array([False, True]) if kind == "bit" else np.arange(256, dtype=np.uint8).view(kind)
    assert made(channel).table[made(channel).places(patterns)].tolist() == [
        quantize(channel, float(v)) for v in patterns
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(channels("uint8"), min_size=1, max_size=5), st.integers(0, 99))
def test_that_channels_are_added_and_cut_as_one_by_one(shown: list[Channel], seed: int) -> None:
    planes = [np.random.default_rng([seed, n]).integers(0, 256, (3, 4), np.uint8) for n in range(len(shown))]
    found = picture(shown, planes).ravel().tolist()
    assert found == [pixel(shown, [float(p) for p in values]) for values in zip(*(p.flat for p in planes), strict=True)]


def test_that_sixty_channels_are_added_and_cut() -> None:
    shown = [Channel(color=(4, 250, 1, 255)) for _ in range(60)]
    planes = [np.array([[0, 1, 128, 255]], np.uint8) for _ in shown]
    expected = [pixel(shown, [float(v)] * 60) for v in (0, 1, 128, 255)]
    assert picture(shown, planes).ravel().tolist() == expected
    assert expected[3] == 0xFFF0FF3C


def test_that_primary_colours_take_the_short_way_to_the_same_picture() -> None:
    primary = [Channel(color=(255, 0, 0, 255)), Channel(color=(0, 255, 0, 255)), Channel(color=(0, 0, 255, 255))]
    planes = [np.random.default_rng(n).integers(0, 256, (300, 300), np.uint8) for n in range(3)]
    red, green, blue = (plane.astype(np.uint32) for plane in planes)
    assert np.array_equal(picture(primary, planes), 0xFF000000 | red << 16 | green << 8 | blue)
    mixed = [Channel(color=(255, 0, 0, 255)), Channel(color=(1, 255, 0, 255)), Channel(color=(0, 0, 255, 255))]
    long_way = picture(mixed, planes)
    assert np.array_equal(long_way & 0xFFFF, picture(primary, planes) & 0xFFFF)
    assert np.array_equal((long_way >> 16) & 255, np.minimum(red + (planes[1] == 255), 255))


def test_that_a_lookup_table_replaces_colour_and_alpha() -> None:
    lut = lookup_table("fire.lut")
    shown = [Channel(color=(0, 0, 255, 9), lut=lut), Channel(color=(10, 20, 30, 255))]
    planes = [np.arange(256, dtype=np.uint8).reshape(16, 16)] * 2
    expected = [pixel(shown, [v, v]) for v in range(256)]
    assert picture(shown, planes).ravel().tolist() == expected


def test_that_grey_shows_the_value_and_keeps_the_alpha() -> None:
    channel = Channel(color=(1, 2, 3, 77), reverse=True)
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 256)
    found = compose([layer(channel, pixels, is_grey=True)], 1, 256, channel.color[3])
    assert found.ravel().tolist() == [grey(channel, v) for v in range(256)]


def test_that_a_reversed_channel_is_the_negative() -> None:
    plain, negative = Channel(start=10, end=90), Channel(start=10, end=90, reverse=True)
    assert [device(plain, v) + device(negative, v) for v in range(256)] == [255] * 256


def test_that_nothing_shown_is_black_and_empty() -> None:
    assert compose([], 2, 3).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_that_one_pixel_makes_a_picture() -> None:
    assert picture([Channel("float", 0, 1)], [np.array([[0.5]], np.float32)]).tolist() == [[0xFF7F7F7F]]


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float", "double", "bit"])
@pytest.mark.parametrize("algorithm", [projection.MAXIMUM, projection.MEAN, projection.SUM])
def test_that_stacks_are_projected_pixel_by_pixel(kind: str, algorithm: int) -> None:
    dtype = dtype_of(kind)
    rng = np.random.default_rng(5)
    stack = (
        (rng.normal(size=(6, 3, 4)) * 50).astype(dtype)
        if dtype.kind == "f"
        else rng.integers(0, 2 if kind == "bit" else 100, (6, 3, 4)).astype(dtype)
    )
    if dtype.kind == "i":
        stack -= 60
    numbers = projection.plane_numbers(algorithm, 1, 5, 2)
    found = projection.project(algorithm, (stack[z] for z in numbers), dtype)
    assert found is not None
    assert found.dtype == dtype
    for y, x in np.ndindex(3, 4):
        values = [float(stack[z, y, x]) for z in ([1, 3, 5] if algorithm == projection.MAXIMUM else [1, 3])]
        limit = math.inf if dtype.kind == "f" else TYPE_RANGES[kind][1]
        expected = {
            projection.MAXIMUM: max(0.0, *values),
            projection.MEAN: sum(values) / len(values),
            projection.SUM: min(sum(values), limit),
        }[algorithm]
        value = np.array(expected).astype(dtype) if dtype.kind == "f" else math.trunc(expected)
        assert float(found[y, x]) == float(value)


def test_that_a_sum_stops_at_the_type_s_greatest_value() -> None:
    planes = [np.full((1, 1), 200, np.uint8)] * 3
    assert projection.project(projection.SUM, planes, np.dtype("uint8")) == 255


def test_that_a_projection_of_no_planes_is_dark() -> None:
    assert projection.project(projection.MEAN, [], np.dtype("uint8")) is None
    assert projection.empty(projection.MEAN, (1, 2), np.dtype("uint8")).tolist() == [[0, 0]]
    assert np.isnan(projection.empty(projection.MEAN, (1, 1), np.dtype("float32"))).all()


@pytest.mark.parametrize("path", PATHS)
def test_that_a_lookup_table_has_256_colours_and_a_file(path: str) -> None:
    table = lookup_table(path.rpartition("/")[2])
    assert table is not None
    assert table.shape == (256, 3)
    assert as_file(path) == table[:, 0].tobytes() + table[:, 1].tobytes() + table[:, 2].tobytes()


def test_that_known_colours_stand_in_the_lookup_tables() -> None:
    known = {
        ("3-3-2_rgb.lut", 255): (224, 224, 192),
        ("grays.lut", 77): (77, 77, 77),
        ("fire.lut", 0): (0, 0, 0),
        ("fire.lut", 255): (255, 255, 255),
        ("hilo.lut", 0): (0, 0, 255),
        ("hilo.lut", 255): (255, 0, 0),
        ("red-green.lut", 127): (254, 0, 0),
        ("red-green.lut", 128): (0, 0, 0),
        ("spectrum.lut", 85): (0, 255, 0),
        ("viridis.lut", 0): (68, 1, 84),
        ("magma.lut", 255): (252, 253, 191),
    }
    tables = {name: lookup_table(name) for name, _ in known}
    found = {
        (name, value): tuple(table[value].tolist()) for name, value in known if (table := tables[name]) is not None
    }
    assert found == known
    assert lookup_table("nobody.lut") is None


def test_that_thumbnails_keep_proportions_and_take_a_level_that_fits() -> None:
    assert size_by_longest_side(200, 100, 96) == (96, 48)
    assert size_by_longest_side(100, 300, 96) == (32, 96)
    assert size_by_longest_side(50, 50, 96) == (96, 96)
    assert [stride_for(size, 96, 96) for size in ((700, 700), (4000, 4000), (9600, 9600), (5000, 100_000))] == [
        0,
        9,
        24,
        12,
    ]
    levels = ((4000, 3000), (1000, 750), (250, 187), (62, 46))
    assert [level_for(levels, *size) for size in ((96, 72), (250, 10), (3000, 3000), (5, 5))] == [3, 2, 0, 3]
