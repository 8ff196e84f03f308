"""The user's folders for settings, data, log files and cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from omero_desk.entities.sentences import Text, mark

HOME_VARIABLE: Final = "OMERO_DESK_HOME"
"""Environment variable that puts all folders under one of the user's choice."""

_APPLICATION = "omero-desk"
_CONTENTS: Final = {
    "config": mark("Window", "settings"),
    "log": mark("Window", "the log"),
    "cache": mark("Window", "thumbnails"),
}
"""The contents of the folders, as the user knows them; the server of a library in `data` says itself what is wrong."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The user's folders; they need not exist yet."""

    config: Path
    data: Path
    log: Path
    cache: Path

    @classmethod
    def under(cls, home: Path) -> Folders:
        """Return folders in `home`."""
        return cls(home / "config", home / "data", home / "log", home / "cache")

    @classmethod
    def of_user(cls, environ: Mapping[str, str] = os.environ) -> Folders:
        """Return the platform's usual folders, unless `OMERO_DESK_HOME` names another home."""
        home = environ.get(HOME_VARIABLE)
        if home:
            return cls.under(Path(home).expanduser().absolute())
        dirs = platformdirs.PlatformDirs(_APPLICATION, appauthor=False)
        return cls(dirs.user_config_path, dirs.user_data_path, dirs.user_log_path, dirs.user_cache_path)

    def unwritable(self) -> dict[Path, Text]:
        """Return the folders for settings, log and cache in which nothing can be kept, with words for that."""
        folders = {getattr(self, name): words for name, words in _CONTENTS.items()}
        return {folder: words for folder, words in folders.items() if not _can_be_written(folder)}


def _can_be_written(folder: Path) -> bool:
    """Return whether the folder, or the nearest one above it that exists, lets us make files."""
    there = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
