"""Where icons and other files that come along are: beside the code in a checkout, inside the package once installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]
FOLDER: Final = next(
    (folder for folder in (_PACKAGE.parent / "resources", _PACKAGE / "resources") if (folder / "icons").is_dir()),
    _PACKAGE,
)
