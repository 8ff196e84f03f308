"""Where the application keeps what is the user's: settings, data, log files, and what can be had again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

HOME_VARIABLE: Final = "OMERO_DESK_HOME"
"""Environment variable that puts all folders under one of the user's choice."""

_APPLICATION = "omero-desk"


@dataclass(frozen=True, slots=True)
class Folders:
    """The user's folders; they need not exist yet."""

    config: Path
    data: Path
    log: Path
    cache: Path

    @classmethod
    def under(cls, home: Path) -> Folders:
        """All folders in `home`."""
        return cls(home / "config", home / "data", home / "log", home / "cache")

    @classmethod
    def of_user(cls, environ: Mapping[str, str] = os.environ) -> Folders:
        """The platform's usual folders, unless `OMERO_DESK_HOME` names another home."""
        home = environ.get(HOME_VARIABLE)
        if home:
            return cls.under(Path(home).expanduser().absolute())
        dirs = platformdirs.PlatformDirs(_APPLICATION, appauthor=False)
        return cls(dirs.user_config_path, dirs.user_data_path, dirs.user_log_path, dirs.user_cache_path)
