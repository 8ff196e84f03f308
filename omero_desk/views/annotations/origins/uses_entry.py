"""The entry of a menu that says on how many objects an annotation is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from omero_desk.entities.annotations import Type
from omero_desk.models import labels
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.translation import translate


class UsesEntry(QAction):
    """Says it as soon as the server has counted, which it is asked when the menu opens."""

    def __init__(self, lookup: Lookup[int, Mapping[str, int]], annotation_id: int, menu: QMenu) -> None:
        super().__init__(menu)
        self._lookup, self._id = lookup, annotation_id
        self.setEnabled(False)
        lookup.changed.connect(self._show)
        lookup.look_at(None)
        lookup.look_at(annotation_id)
        lookup.want()
        self._show()

    def _show(self) -> None:
        lookup = self._lookup
        if lookup.key != self._id:
            return
        if lookup.problem is not None:
            self.setText(labels.on_button(lookup.problem.text))
        elif lookup.value is None:
            self.setText(translate("Annotations", "On how many objects? Counting…"))
        else:
            self.setText(labels.on_button(uses_in_words(lookup.value)))


def uses_in_words(uses: Mapping[str, int]) -> str:
    """Return on how many objects of which kinds something is."""
    some = [labels.counted(kind, number) for kind, number in uses.items() if kind != Type.ANY]
    if not some:
        return translate("Annotations", "On no object that you may see")
    return translate("Annotations", "On {objects}").format(objects=", ".join(some))
