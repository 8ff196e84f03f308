"""The facts of one object for an inspector: sizes, channels, dates, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from omero_desk.entities.annotations import About, ImageFacts, Place
from omero_desk.entities.images import Channel, Length
from omero_desk.entities.sentences import mark
from omero_desk.entities.units import METRES
from omero_desk.models.annotations.description import Fact, planes
from omero_desk.models.labels import kind_name, shortened
from omero_desk.models.quantities import in_full, length, number, size, when
from omero_desk.models.translation import plural, say, translate

_SPACE: Final = "\N{NO-BREAK SPACE}"
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_MOST_CHANNELS: Final = 12
_TYPES: Final = {
    "bit": mark("Annotations", "1-bit"),
    "int8": mark("Annotations", "8-bit signed"),
    "uint8": mark("Annotations", "8-bit unsigned"),
    "int16": mark("Annotations", "16-bit signed"),
    "uint16": mark("Annotations", "16-bit unsigned"),
    "int32": mark("Annotations", "32-bit signed"),
    "uint32": mark("Annotations", "32-bit unsigned"),
    "float": mark("Annotations", "32-bit floating point"),
    "double": mark("Annotations", "64-bit floating point"),
}


def facts(about: About) -> Iterator[Fact]:
    """Yield what is known of an object beside its name, owner and annotations."""
    image = about.image
    if image is not None:
        yield from _of_image(image)
        if image.acquired is not None:
            yield Fact(translate("Tree", "Acquired"), when(image.acquired), in_full(image.acquired))
    if about.created is not None:
        term = translate("Tree", "Imported") if image is not None else translate("Tree", "Created")
        yield Fact(term, when(about.created), in_full(about.created))
    if image is not None and image.rois:
        yield Fact(translate("Annotations", "ROIs"), number(image.rois))
    for key, value in about.external:
        yield Fact(say(key), shortened(value), value)


def place_of(place: Place) -> str:
    """Return where something is, from the top down."""
    return " › ".join([*(shortened(name) for _, name in place.above), shortened(place.name)])  # noqa: RUF001


def places_term(about: About) -> str:
    """Return the term for the places of an object."""
    kinds = {place.ref.kind for place in about.places}
    if len(kinds) == 1 and len(about.places) == 1:
        return kind_name(next(iter(kinds)))
    return translate("Annotations", "Located in")


def _of_image(image: ImageFacts) -> Iterator[Fact]:
    across = f"{number(image.size_x)}{_SPACE}{_TIMES}{_SPACE}{number(image.size_y)}"
    channels = plural("Annotations", "%n channels", "%n channel", image.size_c)
    parts = (across, channels, *planes(image.size_z, image.size_t))
    yield Fact(translate("Annotations", "Size"), ", ".join(parts))
    pixel = _pixel_size(image.physical)
    if pixel:
        yield Fact(translate("Annotations", "Pixel size"), pixel, _exactly(image.physical))
    kind = say(_TYPES[image.pixel_type]) if image.pixel_type in _TYPES else shortened(image.pixel_type)
    yield Fact(translate("Annotations", "Pixel type"), f"{kind}, {size(image.size)}")
    names = [_channel(one) for one in image.channels]
    if any(one.name for one in image.channels):
        shown = ", ".join(names[:_MOST_CHANNELS])
        more = "…" if len(names) > _MOST_CHANNELS else ""
        yield Fact(translate("Annotations", "Channels"), shown + more, "\n".join(names))


def _channel(channel: Channel) -> str:
    return shortened(channel.name) or str(channel.index + 1)


def _pixel_size(physical: tuple[Length | None, ...]) -> str:
    """Return the sizes of a pixel along its axes; the unit once where it is the same for all."""
    words = [length(one.value * METRES[one.unit]) for one in physical if one is not None and one.unit in METRES]
    if not words:
        return ""
    numbers, units = zip(*(word.rpartition(_SPACE)[::2] for word in words), strict=True)
    if len(set(units)) == 1:
        return f"{f' {_TIMES} '.join(numbers)}{_SPACE}{units[0]}"
    return f" {_TIMES} ".join(words)


def _exactly(physical: tuple[Length | None, ...]) -> str:
    return f" {_TIMES} ".join(f"{one.value:g}{_SPACE}{one.unit}" for one in physical if one is not None)
