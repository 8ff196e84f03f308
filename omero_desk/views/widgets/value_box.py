"""A box for a number of any size."""

from __future__ import annotations

import re
import sys
from typing import Final

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded

_DIGITS: Final = 6
_MOST_DECIMALS: Final = 323
"""All that a double can have, so that Qt rounds nothing."""
_STEPS: Final = 100
_BEGUN: Final = re.compile(r"[-+]?\d*[.,]?\d*([eE][-+]?\d*)?", re.ASCII)


class ValueBox(QDoubleSpinBox):
    """Shows a number with six significant digits and takes any: 0.00001 is not 0, and 1e20 is not cut off.

    One step is a hundredth of `span`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.span = 1.0
        self.setDecimals(_MOST_DECIMALS)
        self.setRange(-sys.float_info.max, sys.float_info.max)

    @guarded("")
    @override
    def textFromValue(self, val: float) -> str:
        return f"{val:.{_DIGITS}g}"

    @guarded(0.0)
    @override
    def valueFromText(self, text: str) -> float:
        number = _number(text)
        return self.value() if number is None else number

    @override
    def validate(self, input: str, pos: int) -> tuple[QValidator.State, str, int]:
        if _BEGUN.fullmatch(input.strip()) is None:
            return QValidator.State.Invalid, input, pos
        state = QValidator.State.Intermediate if _number(input) is None else QValidator.State.Acceptable
        return state, input, pos

    @override
    def stepBy(self, steps: int) -> None:
        self.setValue(self.value() + steps * self.span / _STEPS)


def _number(text: str) -> float | None:
    """Return the finite number that a text is, with a point or a comma; None if it is none."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) <= sys.float_info.max else None
