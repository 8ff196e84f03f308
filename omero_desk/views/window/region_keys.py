"""The way from region to region of the window, with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def go_on(regions: Sequence[QWidget], step: int) -> None:
    """Give the focus to the next region that can have it, or with a `step` of -1 to the one before.

    A region gives it to that of its widgets which had it last, or else to its first.
    """
    focus = QApplication.focusWidget()
    here = next((place for place, region in enumerate(regions) if _holds(region, focus)), -1 if step > 0 else 0)
    for number in range(1, len(regions) + 1):
        wanted = _entrance(regions[(here + step * number) % len(regions)])
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def _holds(region: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (region is focus or region.isAncestorOf(focus))


def _entrance(region: QWidget) -> QWidget | None:
    last = region.focusWidget()
    if last is not None and _can_have(last):
        return last
    following = region if _can_have(region) else region.nextInFocusChain()
    while following is not None and following is not region:
        if region.isAncestorOf(following) and _can_have(following):
            return following
        following = following.nextInFocusChain()
    return region if _can_have(region) else None


def _can_have(widget: QWidget) -> bool:
    takes_tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return takes_tab and widget.isVisible() and widget.isEnabled()
