"""The folder of icons and other files that come with the code."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(str(files("omero_desk")))
FOLDER: Final = next(
    (folder for folder in (_PACKAGE / "_resources", _PACKAGE.parent / "resources") if (folder / "icons").is_dir()),
    _PACKAGE,
)
"""Inside the package in an installed or frozen program, beside it in a checkout."""
