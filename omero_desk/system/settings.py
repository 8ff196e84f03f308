"""The settings that the application remembers between two runs, frozen, and the JSON file that holds them."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from omero_desk.entities.gallery_look import ContentsLook
from omero_desk.entities.known_server import KnownServer
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.system.atomic_file import write_whole

log = logging.getLogger(__name__)

Json: TypeAlias = Any
"""A value out of a JSON file: anything, until it has been checked."""
THEMES: Final = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices: `geometry` as Qt saves it; servers and folders newest first.

    `parts` holds by name, as JSON can, what parts of the window remember that have no field of their own here.
    """

    theme: str = "system"
    servers: tuple[KnownServer, ...] = ()
    geometry: bytes = b""
    annotation_column: bool = False
    folders: tuple[str, ...] = ()
    contents: ContentsLook = field(default_factory=ContentsLook)
    parts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.theme not in THEMES:
            raise ValueError(f"theme is {self.theme!r}, not one of {', '.join(THEMES)}")

    @property
    def state(self) -> dict[str, Any]:
        """Everything by its name, for the parts of the window."""
        return {**self.parts, **{one.name: getattr(self, one.name) for one in fields(self)}}

    def with_state(self, state: Mapping[str, Any]) -> Settings:
        """Return these settings with others in place of some, by their names; unknown names go to `parts`."""
        known = {one.name for one in fields(self)}
        ours = {name: value for name, value in state.items() if name in known}
        theirs = {name: value for name, value in state.items() if name not in known}
        return replace(self, **ours, parts={**self.parts, **theirs})

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read `text`, passing over other versions' keys. Raises ValueError or TypeError."""
        values = json.loads(text)
        if not isinstance(values, dict):
            raise TypeError("the settings are not an object")
        return _read(cls(), values)

    def to_json(self) -> str:
        """Return the text that `from_json` reads."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False, default=_base64) + "\n"


T = TypeVar("T", "Settings", ContentsLook)


def _read(defaults: T, values: Mapping[str, Json]) -> T:
    """Return `defaults` with those of its fields replaced that `values` have."""
    known = {one.name for one in fields(defaults)}
    return replace(defaults, **{name: _checked(name, values[name], defaults) for name in known & values.keys()})


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _server(address: object, user: object = "", group: object = "", verify: object = False, **_: object) -> KnownServer:
    return KnownServer(str(address), str(user), str(group), verify is True)


def _checked(name: str, value: Json, defaults: Settings | ContentsLook) -> Json:
    if name == "servers":
        return tuple(_server(**server) for server in value)
    wanted = type(getattr(defaults, name))
    if wanted is ContentsLook and isinstance(value, dict):
        return _read(ContentsLook(), value)
    if name == "folders" and isinstance(value, list):
        return tuple(str(folder) for folder in value)
    if wanted is bytes:
        return base64.b64decode(value, validate=True)
    if type(value) is not wanted:
        raise TypeError(f"{name} is {value!r}, not a {wanted.__name__}")
    return value


class SettingsFile:
    """The settings on disk. A file that cannot be read is set aside, never overwritten."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "settings.json"

    def load(self) -> tuple[Settings, Sentence | None]:
        """Return the settings, and a sentence for the user when they had to be replaced by the defaults."""
        try:
            return Settings.from_json(self.path.read_text("utf-8")), None
        except FileNotFoundError:
            return Settings(), None
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("settings in %s: %s", self.path, error)
            return Settings(), self._set_aside(error)

    def save(self, settings: Settings) -> None:
        """Replace the file whole: a crash leaves the old one or the new one. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, settings.to_json(), private=True)

    def _set_aside(self, error: Exception) -> Sentence:
        aside = self.path.with_name(f"settings-unreadable-{time.strftime('%Y%m%d-%H%M%S')}.json")
        try:
            self.path.replace(aside)
        except OSError:
            text = mark("Window", "Your settings in {file} could not be read ({error}). The usual ones are used.")
            return Sentence.of(text, file=self.path, error=error)
        text = mark(
            "Window", "Your settings could not be read ({error}). They are kept in {file}; the usual ones are used."
        )
        return Sentence.of(text, file=aside, error=error)
