"""A box for a pixel value."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.widgets.value_box import ValueBox

_SPACE: Final = "\N{NO-BREAK SPACE}"
_EXACT: Final = 2.0**53
_STEPS: Final = 100
"""A span of fewer values has steps of one value."""


class LevelBox(ValueBox):
    """Shows whole numbers with all their digits, in groups of three, if the pixels have such; others as its base does.

    It takes spaces anywhere, and 1e3 for 1000; the groups have spaces, as "." and "," may stand before decimals.
    """

    _whole_numbers = True  # the base asks for a text before it is made

    def __init__(self, whole_numbers: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole_numbers = whole_numbers
        self.setKeyboardTracking(False)

    @guarded("")
    @override
    def textFromValue(self, val: float) -> str:
        if self._whole_numbers and abs(val) < _EXACT:
            return f"{round(val):,}".replace(",", _SPACE)
        return super().textFromValue(val)

    @guarded(0.0)
    @override
    def valueFromText(self, text: str) -> float:
        number = super().valueFromText(_joined(text))
        return float(round(number)) if self._whole_numbers else number

    @override
    def validate(self, input: str, pos: int) -> tuple[QValidator.State, str, int]:
        state, _, _ = super().validate(_joined(input), pos)
        return state, input, pos

    @override
    def stepBy(self, steps: int) -> None:
        if self._whole_numbers and self.span < _STEPS:
            self.setValue(self.value() + steps)
        else:
            super().stepBy(steps)


def _joined(text: str) -> str:
    return "".join(text.split())
