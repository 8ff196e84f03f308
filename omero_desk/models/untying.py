"""Ends objects of Qt's with all below them, and the circles that keep their Python halves alive."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from omero_desk.models.tasks import Tasks

_PATIENCE = 50
"""Milliseconds from one look at work that was cancelled to the next."""


def end(thing: QObject) -> None:
    """Have an object deleted later, as `deleteLater` does, and what refers to what below it forgotten then.

    A widget knows its children, its children know it, and functions that are connected know both: only a collection of
    garbage ends such circles, and none comes while somebody works. Once Qt's halves are gone nothing of theirs is
    called, so that what their Python halves refer to is let go; not before the work that one of them was at has ended,
    for one that was cancelled still has its last steps to go.
    """
    below = [thing, *thing.findChildren(QObject)]
    thing.destroyed.connect(lambda: QTimer.singleShot(0, partial(_forget, below)))
    thing.deleteLater()


def _forget(below: list[QObject]) -> None:
    """Clear what belongs to the Python halves of objects whose other halves are gone: a moved child lives on."""
    gone = [one for one in below if _is_gone(one)]
    if any(map(_is_at_work, gone)):
        QTimer.singleShot(_PATIENCE, partial(_forget, below))
        return
    for one in gone:
        vars(one).clear()


def _is_at_work(thing: QObject) -> bool:
    return any(isinstance(value, Tasks) and value.are_alive for value in vars(thing).values())


def _is_gone(thing: QObject) -> bool:
    """True if Qt's half has been deleted: PySide raises RuntimeError for whatever is asked of it."""
    try:
        thing.objectName()
    except RuntimeError:
        return True
    return False
