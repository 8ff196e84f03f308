"""RenderingEngine over the wire, by unmodified clients, on real files."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import omero
import omero.model
import pytest
from numpy.typing import NDArray
from omero.constants.projection import ProjectionType
from omero.gateway import BlitzGateway
from omero.rtypes import rdouble, rint, rstring, unwrap
from PIL import Image

from omero_desk.server.database.store import Store
from omero_desk.server.rendering.luts import lookup_table
from tests.support.gallery import Gallery, people, ramp
from tests.support.rendering_reference import Channel, grey, pixel
from tests.support.server_process import ServerProcess, running_server

Pixels = NDArray[Any]
CHANNELS = ((255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255))
STACK = ramp((2, 3, 4, 20, 30))  # T, C, Z, Y, X
FLOATS = ramp((2, 12, 9), "float32", seed=1)
PYRAMID = [ramp((2, 200 >> n, 300 >> n), "uint8", seed=n) for n in range(3)]
MANY = ramp((60, 6, 7), "uint8", seed=3)


@dataclass(frozen=True)
class Pictures:
    """A server with images; `own` are ada's in the private group, `shared` lie in the read-only one."""

    server: ServerProcess
    own: dict[str, int]
    shared: int
    broken: int


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    folder = tmp_path_factory.mktemp("pictures")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["private"])
    own = {
        "stack": gallery.add("stack", STACK, "TCZYX"),
        "other": gallery.add("other", STACK[::-1], "TCZYX"),
        "floats": gallery.add("floats", FLOATS, "CYX"),
        "pyramid": gallery.add_pyramid("pyramid", PYRAMID),
        "many": gallery.add("many", MANY, "CYX"),
        "dot": gallery.add("dot", np.array([[7]], np.uint8), "YX"),
        "coloured": gallery.add(
            *("coloured", ramp((3, 5, 5), "uint8"), "CYX"),
            Channel={"EmissionWavelength": [461, 525, 610], "EmissionWavelengthUnit": ["nm"] * 3},
        ),
    }
    shared = Gallery(store, ids["ada"], ids["shared"]).add("shared", STACK[0, :, 0], "CYX")
    broken = gallery.add("broken", STACK[0, 0, 0], "YX")
    store.close()
    gallery.path("broken").write_bytes(b"II*\0nonsense")
    with running_server(folder) as server:
        yield Pictures(server, own, shared, broken)


Open = Callable[..., BlitzGateway]


@pytest.fixture
def gateway(pictures: Pictures) -> Iterator[Open]:
    opened: list[BlitzGateway] = []

    def open_gateway(user: str = "ada", password: str | None = None) -> BlitzGateway:
        made = BlitzGateway(user, password or user, host="localhost", port=pictures.server.ssl_port)
        assert made.connect()
        opened.append(made)
        return made

    yield open_gateway
    for each in opened:
        each.close()


@pytest.fixture
def engine(pictures: Pictures, gateway: Open) -> Iterator[Callable[..., Any]]:
    opened: list[Any] = []

    def load(name: str, user: str = "ada") -> Any:
        conn = gateway(user)
        image = conn.getObject("Image", pictures.own[name])
        made = conn.c.sf.createRenderingEngine()
        opened.append(made)
        pixels = image.getPrimaryPixels().id
        made.lookupPixels(pixels)
        if made.lookupRenderingDef(pixels):
            made.load()
        made.resetDefaultSettings(True)
        made.lookupRenderingDef(pixels)
        made.load()
        return made

    yield load
    for each in opened:
        each.close()


def section(z: int = 0, t: int = 0, slice_: int = 0, **more: int) -> Any:
    made = omero.romio.PlaneDef(
        slice=slice_, x=more.get("x", 0), y=more.get("y", 0), z=z, t=t, stride=more.get("stride", 0)
    )
    if "width" in more:
        made.region = omero.romio.RegionDef(more["left"], more["top"], more["width"], more["height"])
    return made


def packed(numbers: list[int], shape: tuple[int, int]) -> NDArray[np.uint32]:
    return np.array(numbers, np.int32).view(np.uint32).reshape(shape)


def expected(channels: list[Channel], planes: list[Pixels]) -> NDArray[np.uint32]:
    values = zip(*(plane.flat for plane in planes), strict=True)
    return np.array([pixel(channels, [float(v) for v in each]) for each in values], np.uint32).reshape(planes[0].shape)


def as_shown(kind: str, planes: Pixels, colours: Any = CHANNELS) -> list[Channel]:
    """Channels with the windows that show all of the planes of each."""
    limits = [(float(each.min()), float(each.max())) for each in planes]
    return [
        Channel(kind, *window, color=colour, least=window[0], most=window[1])
        for window, colour in zip(limits, colours, strict=True)
    ]


def stack_channels() -> list[Channel]:
    return as_shown("uint16", np.moveaxis(STACK, 1, 0))


def rgb(picture: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return np.stack([(picture >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8)


def assert_jpeg_of(jpeg: bytes, picture: NDArray[np.uint32]) -> None:
    """JPEG by Pillow, of the same quality, from the picture that the reference made."""
    stream = io.BytesIO()
    Image.fromarray(rgb(picture)).save(stream, "JPEG", quality=85, subsampling="4:2:0")
    ours, wanted = (np.asarray(Image.open(io.BytesIO(each)), int) for each in (jpeg, stream.getvalue()))
    assert np.array_equal(ours, wanted)


def test_that_a_first_look_shows_red_green_and_blue_over_the_whole_window(engine: Any) -> None:
    found = engine("stack")
    assert (found.getDefaultZ(), found.getDefaultT(), found.getModel().value.val) == (2, 0, "rgb")
    picture = packed(found.renderAsPackedInt(section(z=2, t=1)), (20, 30))
    wanted = expected(stack_channels(), list(STACK[1, :, 2]))
    assert np.array_equal(picture, wanted)
    found.setCompressionLevel(0.85)
    assert_jpeg_of(found.renderCompressed(section(z=2, t=1)), wanted)
    bands = found.render(section(z=2, t=1))
    assert (bands.sizeX1, bands.sizeX2) == (30, 20)
    assert np.array_equal(
        np.stack([np.frombuffer(band, np.uint8) for band in bands.bands], axis=-1).reshape(20, 30, 3), rgb(wanted)
    )


def test_that_settings_of_a_gateway_make_the_picture_that_the_formulas_make(gateway: Open, pictures: Pictures) -> None:
    conn = gateway()
    image = conn.getObject("Image", pictures.own["stack"])
    image.setActiveChannels(
        [1, -2, 3], [[1000, 30000], [0, 5], [0, 65535]], ["FF8000", "00FF00", "fire.lut"], [True, False, False]
    )
    image.setQuantizationMap(0, "logarithmic", 1.0)
    first, _, third = stack_channels()
    first.start, first.end, first.color, first.reverse, first.family = (
        1000,
        30000,
        (255, 128, 0, 255),
        True,
        "logarithmic",
    )
    third.start, third.end, third.lut = 0, 65535, lookup_table("fire.lut")
    wanted = expected([first, third], [STACK[0, 0, 1], STACK[0, 2, 1]])
    assert np.array_equal(packed(image._re.renderAsPackedInt(section(z=1)), (20, 30)), wanted)
    assert_jpeg_of(image.renderJpeg(1, 0, 0.85), wanted)
    assert [each.isReverseIntensity() for each in image.getChannels()] == [True, False, False]
    assert [each.getLut() for each in image.getChannels()] == [None, None, "fire.lut"]


def test_that_the_grey_model_shows_the_first_active_channel(engine: Any) -> None:
    found = engine("stack")
    model = next(each for each in found.getAvailableModels() if each.value.val == "greyscale")
    found.setModel(model)
    found.setActive(0, False)
    channel = stack_channels()[1]
    wanted = [grey(channel, float(v)) for v in STACK[0, 1, 3].flat]
    assert packed(found.renderAsPackedInt(section(z=3)), (1, 600)).tolist() == [wanted]
    for number in range(3):
        found.setActive(number, False)
    assert set(found.renderAsPackedInt(section())) == {0}


def test_that_floating_point_pixels_are_binned(engine: Any) -> None:
    found = engine("floats")
    found.setChannelWindow(0, -50.5, 80.25)
    first, second = as_shown("float", FLOATS, CHANNELS[:2])
    first.start, first.end = -50.5, 80.25
    assert np.array_equal(packed(found.renderAsPackedInt(section()), (12, 9)), expected([first, second], list(FLOATS)))
    assert (found.getPixelsTypeLowerBound(0), found.getPixelsTypeUpperBound(0)) == (-(2.0**31), 2.0**31 - 1)
    assert found.isPixelsTypeSigned()


def test_that_regions_strides_and_other_sections_are_cut_out(engine: Any) -> None:
    found = engine("stack")
    channels = stack_channels()
    whole = expected(channels, list(STACK[1, :, 3]))
    region = section(3, 1, left=5, top=4, width=10, height=6)
    assert np.array_equal(packed(found.renderAsPackedInt(region), (6, 10)), whole[4:10, 5:15])
    edge = section(3, 1, left=25, top=15, width=100, height=100)
    assert np.array_equal(packed(found.renderAsPackedInt(edge), (5, 5)), whole[15:, 25:])
    assert np.array_equal(packed(found.renderAsPackedInt(section(3, 1, stride=2)), (6, 10)), whole[:18:3, ::3])
    xz = packed(found.renderAsPackedInt(section(t=1, slice_=omero.romio.XZ, y=7)), (4, 30))
    assert np.array_equal(xz, expected(channels, list(STACK[1, :, :, 7])))
    zy = packed(found.renderAsPackedInt(section(t=1, slice_=omero.romio.ZY, x=7)), (20, 4))
    assert np.array_equal(zy, expected(channels, list(STACK[1, :, :, :, 7].swapaxes(1, 2))))


def test_that_levels_are_counted_from_the_smallest(engine: Any) -> None:
    found = engine("pyramid")
    assert [(each.sizeX, each.sizeY) for each in found.getResolutionDescriptions()] == [
        (300, 200),
        (150, 100),
        (75, 50),
    ]
    assert (found.getResolutionLevels(), found.getResolutionLevel(), found.requiresPixelsPyramid()) == (3, 2, False)
    channels = as_shown("uint8", PYRAMID[0], CHANNELS[:2])
    for level, planes in enumerate(reversed(PYRAMID)):
        found.setResolutionLevel(level)
        region = section(left=10, top=8, width=20, height=16)
        wanted = expected(channels, [plane[8:24, 10:30] for plane in planes])
        assert np.array_equal(packed(found.renderAsPackedInt(region), (16, 20)), wanted)
    assert len(found.getTileSize()) == 2
    with pytest.raises(omero.ApiUsageException):
        found.setResolutionLevel(3)


def test_that_a_gateway_renders_tiles_of_a_pyramid(gateway: Open, pictures: Pictures) -> None:
    image = gateway().getObject("Image", pictures.own["pyramid"])
    wanted = expected(as_shown("uint8", PYRAMID[0], CHANNELS[:2]), [plane[:32, 64:96] for plane in PYRAMID[1]])
    assert_jpeg_of(image.renderJpegRegion(0, 0, 64, 0, 32, 32, level=1, compression=0.85), wanted)


@pytest.mark.parametrize(
    ("name", "project"),
    [
        ("MAXIMUMINTENSITY", lambda stack: stack[1:4].max(axis=0)),
        ("MEANINTENSITY", lambda stack: np.trunc(stack[1:3].astype(float).mean(axis=0)).astype(np.uint16)),
        ("SUMINTENSITY", lambda stack: np.minimum(stack[1:3].astype(int).sum(axis=0), 65535).astype(np.uint16)),
    ],
)
def test_that_projections_are_those_of_the_stack(engine: Any, name: str, project: Any) -> None:
    found = engine("stack")
    algorithm = getattr(ProjectionType, name)
    picture = packed(found.renderProjectedAsPackedInt(algorithm, 1, 1, 1, 3), (20, 30))
    wanted = expected(stack_channels(), [project(STACK[1, c]) for c in range(3)])
    assert np.array_equal(picture, wanted)
    assert_jpeg_of(found.renderProjectedCompressed(algorithm, 1, 1, 1, 3), wanted)
    for bad in [(0, 1, -1, 2), (0, 1, 0, 4), (0, 0, 0, 2), (-1, 1, 0, 2), (2, 1, 0, 2)]:
        with pytest.raises(omero.ValidationException):
            found.renderProjectedAsPackedInt(algorithm, *bad)


def test_that_more_than_seven_channels_are_grey_at_first(engine: Any) -> None:
    found = engine("many")
    assert found.getModel().value.val == "greyscale"
    assert [found.isActive(n) for n in range(60)] == [True] * 3 + [False] * 57
    found.setModel(next(each for each in found.getAvailableModels() if each.value.val == "rgb"))
    for number in range(60):
        found.setActive(number, True)
        found.setRGBA(number, 10, 20 + number, 5, 255)
    colours = [(10, 20 + number, 5, 255) for number in range(60)]
    wanted = expected(as_shown("uint8", MANY, colours), list(MANY))
    assert np.array_equal(packed(found.renderAsPackedInt(section()), (6, 7)), wanted)


def test_that_a_channel_of_one_value_is_shown_over_the_whole_type(engine: Any) -> None:
    found = engine("dot")
    assert (found.getChannelWindowStart(0), found.getChannelWindowEnd(0)) == (0, 255)
    assert packed(found.renderAsPackedInt(section()), (1, 1)).tolist() == [[0xFF070707]]


def test_that_colours_follow_the_wavelengths(engine: Any) -> None:
    found = engine("coloured")
    assert [found.getRGBA(n) for n in range(3)] == [[0, 0, 255, 255], [0, 255, 0, 255], [255, 0, 0, 255]]


def test_that_every_setting_is_told_as_it_was_set(engine: Any) -> None:
    found = engine("stack")
    family = next(each for each in found.getAvailableFamilies() if each.value.val == "polynomial")
    found.setQuantizationMap(1, family, 2.5, True)
    found.setCodomainInterval(10, 240)
    found.setQuantumStrategy(127)
    found.setDefaultZ(1)
    found.setDefaultT(1)
    found.setCompressionLevel(0.5)
    found.setRGBA(1, 1, 2, 3, 4)
    found.setChannelLookupTable(1, "ice.lut")
    assert (found.getChannelFamily(1).value.val, found.getChannelCurveCoefficient(1)) == ("polynomial", 2.5)
    assert found.getChannelNoiseReduction(1)
    quantum = found.getQuantumDef()
    assert (quantum.cdStart.val, quantum.cdEnd.val, quantum.bitResolution.val) == (10, 240, 127)
    assert (found.getDefaultZ(), found.getDefaultT(), found.getCompressionLevel()) == (1, 1, 0.5)
    assert (found.getRGBA(1), found.getChannelLookupTable(1)) == ([1, 2, 3, 4], "ice.lut")
    assert found.getChannelStats(0) == [STACK[:, 0].min(), STACK[:, 0].max()]
    assert found.getPixels().sizeOfChannels() == 3


def test_that_maps_of_the_codomain_come_and_go(engine: Any) -> None:
    found, reverse = engine("stack"), omero.romio.ReverseIntensityMapContext()
    with pytest.raises(omero.ApiUsageException):
        found.updateCodomainMap(reverse)
    found.addCodomainMap(reverse)
    found.addCodomainMapToChannel(reverse, 0)
    found.updateCodomainMap(reverse)
    assert [len(found.getCodomainMapContext(n)) for n in range(3)] == [1, 1, 1]
    assert isinstance(found.getCodomainMapContext(0)[0], omero.model.ReverseIntensityContext)
    found.removeCodomainMapFromChannel(reverse, 1)
    assert [len(found.getCodomainMapContext(n)) for n in range(3)] == [1, 0, 1]
    found.removeCodomainMap(reverse)
    found.removeCodomainMap(reverse)
    assert [len(found.getCodomainMapContext(n)) for n in range(3)] == [0, 0, 0]


def test_that_one_call_takes_over_what_settings_say(engine: Any) -> None:
    found = engine("stack")
    wanted = omero.model.RenderingDefI()
    wanted.defaultZ = rint(3)
    for number in range(2):
        binding = omero.model.ChannelBindingI()
        binding.inputStart, binding.inputEnd = rdouble(5), rdouble(6 + number)
        binding.lookupTable = rstring("fire.lut") if number else None
        wanted.addChannelBinding(binding)
    found.updateSettings(wanted)
    found.updateSettings(None)
    assert (found.getDefaultZ(), found.getDefaultT()) == (3, 0)
    assert [found.getChannelWindowEnd(n) for n in range(2)] == [6, 7]
    assert [found.getChannelLookupTable(n) for n in range(2)] == ["", "fire.lut"]
    assert found.getChannelWindowEnd(2) == STACK[:, 2].max()


def test_that_settings_are_saved_and_found_again(engine: Any, gateway: Open, pictures: Pictures) -> None:
    found = engine("stack")
    number, reverse = found.getRenderingDefId(), omero.romio.ReverseIntensityMapContext()
    found.setChannelWindow(0, 11, 22)
    found.addCodomainMapToChannel(reverse, 2)
    found.saveCurrentSettings()
    again = gateway().getObject("Image", pictures.own["stack"])
    assert again.getRenderingDefId() == number
    assert next((c.getWindowStart(), c.getWindowEnd()) for c in again.getChannels()) == (11, 22)
    assert [c.isReverseIntensity() for c in again.getChannels()] == [False, False, True]
    found.removeCodomainMapFromChannel(reverse, 2)
    found.saveCurrentSettings()
    query = gateway().getQueryService()
    hql = "select c.id from ReverseIntensityContext c where c.channelBinding.renderingDef.id = :id"
    rows = query.projection(hql, omero.sys.ParametersI().addId(number))
    assert rows == []
    other = found.saveAsNewSettings()
    assert other != number == again.getRenderingDefId()
    assert found.getRenderingDefId() == other


def test_that_unsaved_settings_are_forgotten(engine: Any, gateway: Open, pictures: Pictures) -> None:
    found = engine("other")
    found.setChannelWindow(0, 1, 2)
    found.resetDefaultSettings(False)
    assert found.getChannelWindowEnd(0) == STACK[:, 0].max()
    found.setChannelWindow(0, 1, 2)
    assert gateway().getObject("Image", pictures.own["other"]).getChannels()[0].getWindowEnd() == STACK[:, 0].max()


def test_that_each_user_has_settings_of_a_shared_image(gateway: Open, pictures: Pictures) -> None:
    ada, ben = gateway("ada"), gateway("ben")
    for conn in (ada, ben):
        conn.SERVICE_OPTS.setOmeroGroup(-1)
    mine = ada.getObject("Image", pictures.shared)
    mine.setActiveChannels([1], [[3, 4]], ["FFFFFF"])
    assert mine.saveDefaults()
    theirs = ben.getObject("Image", pictures.shared)
    assert theirs.getChannels()[0].getWindowEnd() == 4  # the owner's, as long as there are none of one's own
    theirs.setActiveChannels([1], [[5, 6]], ["FFFFFF"])
    assert not theirs.saveDefaults()  # the gateway itself does not try it in a read-only group
    theirs._re.saveCurrentSettings({"omero.group": str(theirs.details.group.id.val)})
    definitions = ben.getObject("Image", pictures.shared).getAllRenderingDefs()
    assert {each["owner"]["firstName"]: each["c"][0]["end"] for each in definitions} == {"Ada": 4, "Ben": 6}
    assert ada.getObject("Image", pictures.shared).getChannels()[0].getWindowEnd() == 4
    chosen = next(each["id"] for each in definitions if each["owner"]["firstName"] == "Ada")
    again = ben.getObject("Image", pictures.shared)
    again._prepareRenderingEngine(rdid=chosen)
    assert again.getChannels()[0].getWindowEnd() == 4


def test_that_another_s_private_image_cannot_be_looked_up(gateway: Open, pictures: Pictures) -> None:
    pixels = gateway("ada").getObject("Image", pictures.own["stack"]).getPrimaryPixels().id
    found = gateway("ben").c.sf.createRenderingEngine()
    with pytest.raises(omero.ValidationException, match="not found"):
        found.lookupPixels(pixels)
    assert not found.lookupRenderingDef(pixels)
    found.close()


def test_that_an_engine_says_what_it_needs(gateway: Open, pictures: Pictures) -> None:
    conn = gateway()
    found = conn.c.sf.createRenderingEngine()
    for call in (found.load, found.getPixels, lambda: found.renderCompressed(section()), lambda: found.isActive(0)):
        with pytest.raises(omero.ApiUsageException, match="Pixels object not set"):
            call()
    with pytest.raises(omero.ApiUsageException, match="No rendering def"):
        found.getRenderingDefId()
    with pytest.raises(omero.ValidationException, match="Pixels object with id -1 not found"):
        found.lookupPixels(-1)
    pixels = conn.getObject("Image", pictures.own["stack"]).getPrimaryPixels().id
    found.lookupPixels(pixels)
    with pytest.raises(omero.ApiUsageException, match="RenderingDef object not set"):
        found.load()
    with pytest.raises(omero.ValidationException, match="No rendering definition exists"):
        found.loadRenderingDef(-1)
    conn.getRenderingSettingsService().resetDefaultsForPixels(pixels)
    assert found.lookupRenderingDef(pixels)
    for call in (lambda: found.renderAsPackedInt(section()), lambda: found.resetDefaultSettings(True)):
        with pytest.raises(omero.ApiUsageException, match="renderer is null"):
            call()
    found.close()


def test_that_nonsense_is_refused_and_harms_nothing(engine: Any) -> None:
    found = engine("stack")
    family = found.getAvailableFamilies()[0]
    before = found.renderAsPackedInt(section())
    refused: list[tuple[type[Exception], Callable[[], Any]]] = [
        (omero.InternalException, lambda: found.renderAsPackedInt(section(z=4))),
        (omero.InternalException, lambda: found.renderAsPackedInt(section(t=-1))),
        (omero.InternalException, lambda: found.renderCompressed(section(left=-1, top=0, width=2, height=2))),
        (omero.InternalException, lambda: found.renderCompressed(section(left=0, top=0, width=0, height=2))),
        (omero.InternalException, lambda: found.renderCompressed(section(left=30, top=0, width=5, height=2))),
        (omero.ApiUsageException, lambda: found.renderCompressed(None)),
        (omero.ApiUsageException, lambda: found.renderCompressed(section(stride=30))),
        (omero.ApiUsageException, lambda: found.renderAsPackedInt(section(stride=2**31 - 1))),
        (omero.ApiUsageException, lambda: found.renderCompressed(section(slice_=7))),
        (omero.InternalException, lambda: found.isActive(3)),
        (omero.InternalException, lambda: found.setActive(-1, True)),
        (omero.ApiUsageException, lambda: found.setCodomainInterval(5, 5)),
        (omero.ApiUsageException, lambda: found.setCodomainInterval(-1, 5)),
        (omero.ApiUsageException, lambda: found.setCodomainInterval(1, 256)),
        (omero.ApiUsageException, lambda: found.setQuantumStrategy(100)),
        (omero.ApiUsageException, lambda: found.setQuantizationMap(0, family, 0.0, False)),
        (omero.ApiUsageException, lambda: found.setQuantizationMap(0, omero.model.FamilyI(99, False), 1.0, False)),
        (omero.ApiUsageException, lambda: found.setCompressionLevel(1.5)),
        (omero.ApiUsageException, lambda: found.setModel(None)),
    ]
    for kind, call in refused:
        with pytest.raises(kind):
            call()
    assert found.renderAsPackedInt(section()) == before


def test_that_a_broken_file_is_named_and_nothing_else_suffers(gateway: Open, pictures: Pictures) -> None:
    conn = gateway()
    pixels = conn.getObject("Image", pictures.broken).getPrimaryPixels().id
    found = conn.c.sf.createRenderingEngine()
    found.lookupPixels(pixels)
    with pytest.raises(omero.ResourceError, match="broken"):
        found.resetDefaultSettings(True)
    found.close()
    assert conn.getObject("Image", pictures.own["dot"]).renderImage(0, 0).size == (1, 1)


def test_that_an_engine_serves_several_threads(engine: Any) -> None:
    found = engine("stack")
    wanted = {z: found.renderAsPackedInt(section(z=z)) for z in range(4)}
    results: list[bool] = []

    def work(z: int) -> None:
        results.extend(found.renderAsPackedInt(section(z=z)) == wanted[z] for _ in range(5))

    threads = [threading.Thread(target=work, args=(n % 4,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == [True] * 40


def test_that_settings_of_one_image_are_given_to_others(gateway: Open, pictures: Pictures) -> None:
    conn = gateway()
    source = conn.getObject("Image", pictures.own["stack"])
    source.setActiveChannels([1, 2], [[7, 8], [9, 10]], ["FF0000", "00FF00"], [True, False])
    assert source.saveDefaults()
    service = conn.getRenderingSettingsService()
    ids = [pictures.own[name] for name in ("other", "floats")]
    answer = service.applySettingsToSet(source.getPrimaryPixels().id, "Image", ids)
    assert answer == {True: [pictures.own["other"]], False: [pictures.own["floats"]]}
    other = conn.getObject("Image", pictures.own["other"]).getChannels()
    assert [c.getWindowStart() for c in other] == [7, 9, STACK[:, 2].min()]
    assert [c.isActive() for c in other] == [True, True, False]
    assert [c.isReverseIntensity() for c in other] == [True, False, False]
    assert service.resetMinMaxInSet("Image", ids[:1]) == [conn.getObject("Image", ids[0]).getPrimaryPixels().id]
    assert conn.getObject("Image", ids[0]).getChannels()[0].getWindowEnd() == STACK[:, 0].max()
    assert service.resetDefaultsInSet("Image", ids) == ids
    assert all(c.isActive() and not c.isReverseIntensity() for c in conn.getObject("Image", ids[0]).getChannels())
    assert service.resetDefaultsByOwnerInSet("Image", ids) == ids
    assert service.resetDefaultsInSet("Image", [pictures.broken, *ids[:1]]) == ids[:1]
    with pytest.raises(omero.ApiUsageException, match="must be in"):
        service.resetDefaultsInSet("Roi", ids)


def test_that_pixels_know_their_settings(gateway: Open, pictures: Pictures) -> None:
    conn = gateway()
    image = conn.getObject("Image", pictures.own["floats"])
    image.renderImage(0, 0)
    pixels, service = image.getPrimaryPixels().id, conn.getPixelsService()
    found = service.retrieveRndSettings(pixels)
    user = conn.getUserId()
    assert found.sizeOfWaveRendering() == 2
    assert service.retrieveRndSettingsFor(pixels, user).id.val == found.id.val
    assert [each.id.val for each in service.retrieveAllRndSettings(pixels, user)] == [found.id.val]
    assert service.retrieveRndSettingsFor(pixels, 0) is None
    found.getChannelBinding(1).inputEnd = rdouble(12)
    service.saveRndSettings(found)
    assert unwrap(service.loadRndSettings(found.id.val).getChannelBinding(1).inputEnd) == 12


def test_that_lookup_tables_are_listed_and_downloaded_as_a_web_client_does_it(gateway: Open) -> None:
    conn = gateway("ben")
    found = conn.getScriptService().getScriptsByMimetype("text/x-lut")
    names = {each.path.val + each.name.val: each for each in found}
    assert {"/luts/fire.lut", "/luts/wcif/hilo.lut", "/luts/matplotlib/viridis.lut"} <= set(names)
    for path, each in names.items():
        file = conn.getObject("OriginalFile", each.id.val)
        content = b"".join(file.getFileInChunks())
        table = lookup_table(path.rpartition("/")[2])
        assert table is not None
        assert np.array_equal(np.frombuffer(content, np.uint8).reshape(3, 256).T, table)


def test_that_stacks_are_projected_to_bytes_and_to_images(gateway: Open, pictures: Pictures) -> None:
    conn = gateway()
    pixels = conn.getObject("Image", pictures.own["stack"]).getPrimaryPixels().id
    service = conn.c.sf.getProjectionService()
    maximum, total = ProjectionType.MAXIMUMINTENSITY, ProjectionType.SUMINTENSITY
    plane = np.frombuffer(service.projectStack(pixels, None, maximum, 1, 2, 1, 0, 3), ">u2").reshape(20, 30)
    assert np.array_equal(plane, STACK[1, 2].max(axis=0))
    double = conn.getTypesService().getEnumeration("PixelsType", "double")
    assert isinstance(double, omero.model.PixelsType)
    image = conn.getObject("Image", service.projectPixels(pixels, double, total, 0, 1, [2, 0], 1, 0, 3, "flat"))
    assert (image.getName(), image.getSizeZ(), image.getSizeC(), image.getSizeT()) == ("flat", 1, 2, 2)
    assert image.getPixelsType() == "double"
    wanted = STACK[:, [2, 0], :3].astype(float).sum(axis=2)
    for t, c in np.ndindex(2, 2):
        assert np.array_equal(image.getPrimaryPixels().getPlane(0, c, t), wanted[t, c])
    limits = [(channel.getWindowMin(), channel.getWindowMax()) for channel in image.getChannels()]
    assert limits == [(wanted[:, c].min(), wanted[:, c].max()) for c in range(2)]
    refused = [(maximum, 2, 0, 1, 0, 3), (maximum, 0, 3, 1, 0, 3), (maximum, 0, 0, 0, 0, 3), (maximum, 0, 0, 1, 0, 4)]
    for arguments in refused:
        with pytest.raises(omero.ValidationException):
            service.projectStack(pixels, None, *arguments)
    with pytest.raises(omero.ValidationException):
        service.projectPixels(pixels, None, maximum, 1, 0, [0], 1, 0, 3, "")
    assert not list(Path(str(pictures.server.data), "Pixels").glob("*.part"))
