"""Rendering settings on their way to the server: the user's own of one image, and those given to many images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

import omero.model
import omero.romio

from omero_desk.entities.edits import Author
from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import ChannelSettings, ImageInfo, RenderingSettings
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.images.image import opened

if TYPE_CHECKING:
    from omero.api import RenderingEnginePrx
    from omero.gateway import ServiceOptsDict

_Call: TypeAlias = tuple[str, tuple[object, ...]]
"""The name of an operation, and its arguments."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The ids of images that were given settings, and of those that the settings do not fit."""

    changed: tuple[int, ...]
    unfit: tuple[int, ...]


class SaveSettings:
    """A write for `ServiceManager.write`: saves the author's own settings of an image in place of older ones.

    Raises FailedError where somebody else is signed in, and what the session's calls raise.
    """

    def __init__(self, info: ImageInfo, settings: RenderingSettings, author: Author) -> None:
        self.name = f"Save rendering settings of Image:{info.ref.id}"
        self._info, self._settings, self._author = info, settings, author

    def prepare(self, session: LaneSession) -> None:
        """There is nothing to remember: what is saved looks the same however often it is."""
        check_author(session, self._author)

    def send(self, session: LaneSession) -> RenderingSettings:
        """Save them as every client does it, by a rendering engine; returns them as they are kept now."""
        check_author(session, self._author)
        with session.borrow("createRenderingEngine") as engine:
            options = options_of(session, self._info)
            _make_ready(engine, self._info.pixels_id, options)
            _set_all(engine, self._settings)
            engine.saveCurrentSettings(options)
        return self._own(session)

    def find(self, session: LaneSession) -> RenderingSettings | None:
        """The author's newest settings, if they are these."""
        check_author(session, self._author)
        kept = [one for one in opened(session, self._info.ref).settings if one.owner_id == self._author.user_id]
        return kept[0] if kept and _look(kept[0]) == _look(self._settings) else None

    def _own(self, session: LaneSession) -> RenderingSettings:
        found = self.find(session)
        if found is None:
            raise FailedError(mark("Rendering", "The server kept other settings than those that were saved."))
        return found


class ApplySettings:
    """A write for `ServiceManager.write`: gives images the saved settings of another one.

    It does no harm twice. `kind` is that of what `ids` name: images, or datasets with all of their images.
    """

    def __init__(self, info: ImageInfo, kind: str, ids: Sequence[int], author: Author) -> None:
        self.name = f"Apply rendering settings of Image:{info.ref.id} to {len(ids)} x {kind}"
        self._info, self._kind, self._ids, self._author = info, kind, list(ids), author

    def prepare(self, session: LaneSession) -> None:
        """There is nothing to remember."""
        check_author(session, self._author)

    def send(self, session: LaneSession) -> Applied:
        """Have the server copy them."""
        check_author(session, self._author)
        service, options = session.connection.factory.getRenderingSettingsService(), options_of(session, self._info)
        answer = service.applySettingsToSet(self._info.pixels_id, self._kind, self._ids, options)
        return Applied(tuple(answer.get(True, ())), tuple(answer.get(False, ())))

    def find(self, session: LaneSession) -> Applied | None:
        """Never found, and so sent again, which changes nothing."""
        check_author(session, self._author)
        return None


def save(info: ImageInfo, settings: RenderingSettings, author: Author) -> SaveSettings:
    """A new write; keep it until it is done or given up."""
    return SaveSettings(info, settings, author)


def apply(info: ImageInfo, ref_kind: str, refs: Sequence[Ref], author: Author) -> ApplySettings:
    """A new write; keep it until it is done or given up."""
    return ApplySettings(info, ref_kind, [ref.id for ref in refs], author)


def _look(settings: RenderingSettings) -> RenderingSettings:
    """The part of settings that is about the picture, without whose they are and which plane comes first."""
    return replace(settings, id=None, owner_id=None, owner_name="", version=0, z=0, t=0)


def _make_ready(engine: RenderingEnginePrx, pixels_id: int, options: ServiceOptsDict) -> None:
    """Have an engine hold the user's settings, else the owner's, of which saving makes the user's own."""
    engine.lookupPixels(pixels_id, options)
    if not engine.lookupRenderingDef(pixels_id, options):
        engine.resetDefaultSettings(True, options)
        engine.lookupRenderingDef(pixels_id, options)
    engine.load(options)


def _set_all(engine: RenderingEnginePrx, settings: RenderingSettings) -> None:
    """Set everything in two round trips: no setting depends on another, so that all are sent for at once."""
    sent = engine.begin_getAvailableModels(), engine.begin_getAvailableFamilies()
    models = _by_value(engine.end_getAvailableModels(sent[0]))
    families = _by_value(engine.end_getAvailableFamilies(sent[1]))
    calls: list[_Call] = [
        ("setModel", (models[settings.model.value],)),
        ("setDefaultZ", (settings.z,)),
        ("setDefaultT", (settings.t,)),
        ("setCodomainInterval", (settings.lowest, settings.highest)),
    ]
    for number, channel in enumerate(settings.channels):
        calls += _calls(number, channel, families[channel.family.value])
    begun = [(name, getattr(engine, f"begin_{name}")(*arguments)) for name, arguments in calls]
    for name, result in begun:
        getattr(engine, f"end_{name}")(result)


def _by_value(found: Sequence[omero.model.IObject]) -> dict[str, omero.model.IObject]:
    """Return members of one of OMERO's enumerations by their values."""
    members = cast(Sequence[omero.model.Family], found)  # all enumerations have the same operations
    return {one.getValue().getValue(): one for one in members}


def _calls(number: int, channel: ChannelSettings, family: omero.model.IObject) -> list[_Call]:
    """Return the calls that tell a rendering engine about one channel: names and arguments."""
    reverse = omero.romio.ReverseIntensityMapContext()
    change = "addCodomainMapToChannel" if channel.reverse else "removeCodomainMapFromChannel"
    return [
        ("setActive", (number, channel.active)),
        ("setChannelWindow", (number, channel.start, channel.end)),
        ("setQuantizationMap", (number, family, channel.coefficient, channel.noise_reduction)),
        ("setRGBA", (number, *channel.color)),
        ("setChannelLookupTable", (number, channel.lut or None)),
        (change, (reverse, number)),
    ]


def options_of(session: LaneSession, info: ImageInfo) -> ServiceOptsDict:
    """The call's options for the image's own group."""
    options = session.gateway.SERVICE_OPTS.copy()
    options.setOmeroGroup(-1 if info.group_id is None else info.group_id)
    return options


def check_author(session: LaneSession, author: Author) -> None:
    """Raises FailedError where somebody else is signed in by now."""
    if (session.connection.server, session.gateway.getUserId()) != (author.server, author.user_id):
        text = mark("Rendering", "These settings are those of {author}, who is not signed in now.")
        raise FailedError(text, author=author)
