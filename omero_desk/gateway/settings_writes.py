"""Rendering settings on their way to the server: the user's own of one image, and those given to many images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import omero.romio

from omero_desk.gateway.edit import Author
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.errors import FailedError
from omero_desk.gateway.image import opened
from omero_desk.gateway.image_entities import ChannelSettings, ImageInfo, RenderingSettings
from omero_desk.gateway.session import Session


@dataclass(frozen=True, slots=True)
class Applied:
    """The ids of images that were given settings, and of those that the settings do not fit."""

    changed: tuple[int, ...]
    unfit: tuple[int, ...]


class SaveSettings:
    """What `ServiceManager.write` is given to save the author's own settings of an image, in place of older ones.

    Raises FailedError where somebody else is signed in, and what the session's calls raise.
    """

    def __init__(self, info: ImageInfo, settings: RenderingSettings, author: Author) -> None:
        self.name = f"Save rendering settings of Image:{info.ref.id}"
        self._info, self._settings, self._author = info, settings, author

    def prepare(self, session: Session) -> None:
        """There is nothing to remember: what is saved looks the same however often it is."""
        check_author(session, self._author)

    def send(self, session: Session) -> RenderingSettings:
        """Save them as every client does it, by a rendering engine; returns them as they are kept now."""
        check_author(session, self._author)
        with session.borrow("createRenderingEngine") as engine:
            options = options_of(session, self._info)
            _make_ready(engine, self._info.pixels_id, options)
            _set_all(engine, self._settings)
            engine.saveCurrentSettings(options)
        return self._own(session)

    def find(self, session: Session) -> RenderingSettings | None:
        """The author's newest settings, if they are these."""
        check_author(session, self._author)
        kept = [one for one in opened(session, self._info.ref).settings if one.owner_id == self._author.user_id]
        return kept[0] if kept and _look(kept[0]) == _look(self._settings) else None

    def _own(self, session: Session) -> RenderingSettings:
        found = self.find(session)
        if found is None:
            raise FailedError("The server kept other settings than those that were saved.")
        return found


class ApplySettings:
    """What `ServiceManager.write` is given to have images rendered as another is, whose settings were saved before.

    It does no harm twice. `kind` is that of what `ids` name: images, or datasets with all of their images.
    """

    def __init__(self, info: ImageInfo, kind: str, ids: Sequence[int], author: Author) -> None:
        self.name = f"Apply rendering settings of Image:{info.ref.id} to {len(ids)} x {kind}"
        self._info, self._kind, self._ids, self._author = info, kind, list(ids), author

    def prepare(self, session: Session) -> None:
        """There is nothing to remember."""
        check_author(session, self._author)

    def send(self, session: Session) -> Applied:
        """Have the server copy them."""
        check_author(session, self._author)
        service, options = session.connection.factory.getRenderingSettingsService(), options_of(session, self._info)
        answer = service.applySettingsToSet(self._info.pixels_id, self._kind, self._ids, options)
        return Applied(tuple(answer.get(True, ())), tuple(answer.get(False, ())))

    def find(self, session: Session) -> Applied | None:
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


def _make_ready(engine: Any, pixels_id: int, options: Any) -> None:
    """Have an engine hold the user's settings, else the owner's, of which saving makes the user's own."""
    engine.lookupPixels(pixels_id, options)
    if not engine.lookupRenderingDef(pixels_id, options):
        engine.resetDefaultSettings(True, options)
        engine.lookupRenderingDef(pixels_id, options)
    engine.load(options)


def _set_all(engine: Any, settings: RenderingSettings) -> None:
    """Set everything in two round trips: no setting depends on another, so that all are sent for at once."""
    sent = engine.begin_getAvailableModels(), engine.begin_getAvailableFamilies()
    models = {one.getValue().getValue(): one for one in engine.end_getAvailableModels(sent[0])}
    families = {one.getValue().getValue(): one for one in engine.end_getAvailableFamilies(sent[1])}
    calls = [
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


def _calls(number: int, channel: ChannelSettings, family: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """What a rendering engine is told of one channel."""
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


def options_of(session: Session, info: ImageInfo) -> Any:
    """The call's options for the image's own group."""
    options = session.gateway.SERVICE_OPTS.copy()
    options.setOmeroGroup(-1 if info.group_id is None else info.group_id)
    return options


def check_author(session: Session, author: Author) -> None:
    """Raises FailedError where somebody else is signed in by now."""
    if (session.connection.server, session.gateway.getUserId()) != (author.server, author.user_id):
        raise FailedError(f"These settings are those of {author}, who is not signed in now.")
