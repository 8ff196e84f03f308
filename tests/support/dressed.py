"""The colours of the application during a test, which others must not find changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication

from omero_desk.views.theme.theme import _Worn


@contextmanager
def as_before(application: QApplication) -> Iterator[None]:
    """Give the application its colours back, whatever happens to them meanwhile."""
    tokens, palette, sheet = _Worn.tokens, application.palette(), application.styleSheet()
    try:
        yield
    finally:
        _Worn.tokens = tokens
        application.setPalette(palette)
        if application.styleSheet() != sheet:
            application.setStyleSheet(sheet)
