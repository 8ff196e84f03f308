"""Leaving an account or the program: one question about all that is not saved, before anything happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from omero_desk.models.labels import plain
from omero_desk.models.translation import plural, translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.messages.question import Question
from omero_desk.views.widgets.words import Words

_ITEMS: Final = 5
"""The most things of one sort that are named."""

FindsUnsaved = Callable[[], Sequence[Unsaved]]


class LeaveDialog(Question):
    """Lists what is not saved. It stays while that is being saved, and goes by itself when all is.

    `left` (discard): the user may leave; `discard` is True if what is listed is not wanted any more.
    """

    left = Signal(bool)

    def __init__(self, unsaved: FindsUnsaved, parent: QWidget) -> None:
        heading = translate("Window", "Leave before all is saved?")
        super().__init__(heading, translate("Window", "If you leave now, this is lost:"), parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._unsaved = unsaved
        self._followed: list[Unsaved] = []
        self._label = Words(wordWrap=True)
        self.add(self._label)
        self.discard = self.add_alternative(translate("Window", "&Discard and leave"), danger=True)
        self.save = self.add_verb(translate("Window", "Save &all"))
        self.stay = self.add_cancel(translate("Window", "&Stay"), default=True)
        self.save.clicked.connect(self._save)
        self.discard.clicked.connect(lambda: self._leave(True))
        self._show()

    @property
    def text(self) -> str:
        """The words for the user."""
        return self._label.text()

    @override
    def done(self, result: int) -> None:
        """Follow nothing any more."""
        self._follow(())
        super().done(result)

    def _show(self) -> None:
        unsaved = self._unsaved()
        self._follow(unsaved)
        if not unsaved:
            self._leave(False)
            return
        lines = []
        for one in unsaved:
            lines.append(f"• {one.words}")
            lines += [f"    {plain(item)}" for item in one.items[:_ITEMS]]
            if more := len(one.items[_ITEMS:]):
                lines.append("    " + plural("Window", "and %n more", "and %n more", more))
        self._label.setText("\n".join(lines))

    def _follow(self, unsaved: Sequence[Unsaved]) -> None:
        for one in self._followed:
            one.changed.disconnect(self._show)
        self._followed = list(unsaved)
        for one in self._followed:
            one.changed.connect(self._show)

    def _save(self) -> None:
        self.save.setText(translate("Window", "Saving…"))
        for one in self._unsaved():
            one.save()

    def _leave(self, discard: bool) -> None:
        self.accept()
        self.left.emit(discard)


class Leaving(QObject):
    """Asks before an account or the program is left, at most one question at a time.

    What the user discards is forgotten once the account has been left (`carry_out`), so a sign-in that fails loses
    nothing.
    """

    def __init__(self, unsaved: FindsUnsaved, window: QWidget) -> None:
        super().__init__(window)
        self.question: LeaveDialog | None = None
        self._unsaved, self._window = unsaved, window
        self._go_on: Callable[[], object] = lambda: None
        self._discarded: tuple[Unsaved, ...] = ()
        self._is_answered = False

    def may_go(self, go_on: Callable[[], object]) -> bool:
        """Return True if nothing is unsaved; else ask, and call `go_on` once the answer allows it."""
        if self._is_answered or not self._unsaved():
            return True
        self._go_on = go_on
        if self.question is None:
            self.question = LeaveDialog(self._unsaved, self._window)
            self.question.left.connect(self._go)
            self.question.finished.connect(self._forget_question)
            self.question.open()
        return False

    def go(self, go_on: Callable[[], object]) -> None:
        """Call `go_on`, at once if nothing is unsaved, else once the answer allows it."""
        if self.may_go(go_on):
            go_on()

    def carry_out(self) -> None:
        """Forget what the user has discarded: it has been left."""
        discarded, self._discarded = self._discarded, ()
        for one in discarded:
            one.discard()

    def stay(self) -> None:
        """Keep what the user has discarded: it has not been left after all."""
        self._discarded = ()

    def _go(self, discard: bool) -> None:
        self._discarded = tuple(self._unsaved()) if discard else ()
        self._is_answered = True
        self._go_on()
        self._is_answered = False

    def _forget_question(self) -> None:
        self.question = None
