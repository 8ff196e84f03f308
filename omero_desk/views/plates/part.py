"""Plates as a part of the window: the wells of the plate or run that is selected, or that holds what is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtWidgets import QMenu
from typing_extensions import override

from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.plates.source import ReadsPlates
from omero_desk.models.translation import translate
from omero_desk.views.parts.command import Menu
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Pane, Part, Shared
from omero_desk.views.plates.commands import HEAT_MAP, KEYS
from omero_desk.views.plates.plate_panel import PlatePanel
from omero_desk.views.tree.commands import OPEN
from omero_desk.views.tree.part import TreePart
from omero_desk.views.tree.paths import TreePath

_HOLD_WELLS: Final = (Kind.PLATE, Kind.RUN)
_WIDTH: Final = 700


class PlatesPart(Part):
    """Follows the tree."""

    keys = KEYS

    def __init__(
        self,
        shared: Shared,
        reader: ReadsPlates,
        thumbnails: ThumbnailsModel,
        counts: AnnotationCountsModel,
        tree: TreePart,
    ) -> None:
        self._shared, self._tree = shared, tree
        self.model = PlateModel(reader, shared.messages.report, shared.window)
        self.panel = PlatePanel(self.model, thumbnails, counts)
        self.models = (self.model,)
        self.model.changed.connect(shared.commands.refresh)
        self.panes = (Pane(self.panel, _WIDTH, stretch=1),)
        self._path = TreePath(tree.model)
        self.panel.head.wanted.connect(lambda step: self._path.go(tree.browser.view, step))
        self.panel.opened.connect(shared.selection.opened)
        self.panel.selected.connect(self._choose)
        shared.selection.moved.connect(self._show_place)

    @override
    def commands(self) -> Iterable[Binding]:
        return (Binding(HEAT_MAP, self.panel.bar.choose_measure, self._why_no_heat_map),)

    def _why_no_heat_map(self) -> str:
        if self.panel.isHidden():
            return translate("Plates", "No plate is selected")
        return "" if self.model.measures else translate("Plates", "The plate has no numbers to colour its wells by")

    @override
    def furnished(self) -> None:
        self.panel.fill_menu = self._fill_menu
        self.panel.show_info = self._shared.selection.info_wanted.emit

    def _fill_menu(self, menu: QMenu) -> None:
        """Add the commands of all objects but one: what opens a well is the panel's own."""
        self._shared.commands.fill(menu, Menu.OBJECTS)
        menu.removeAction(self._shared.commands[OPEN.id])

    @override
    def returned(self) -> None:
        self.model.retry_failed()

    @override
    def left(self) -> None:
        self.model.clear()

    @override
    def refresh(self) -> None:
        if not self.panel.isHidden() and self._shared.selection.entities:
            self.model.refresh()

    def _show_place(self) -> None:
        """Show the plate or run that is selected in the tree, or that holds the well or field that is."""
        path = self._tree.model.path(self._tree.browser.view.currentIndex())
        place = next((ref for ref in reversed(path) if ref.kind in _HOLD_WELLS), None)
        self.panel.setVisible(place is not None and bool(self._tree.browser.entities))
        if place is not None:
            self._show_path(place)
            self.model.open(place)
            for well in (ref for ref in path if ref.kind == Kind.WELL):
                self.panel.select(well.id)

    def _show_path(self, place: Ref) -> None:
        """Show above the wells where the plate or run is."""
        index = self._tree.browser.view.currentIndex()
        while index.isValid() and (entity := self._tree.model.entity(index)) is not None and entity.ref != place:
            index = index.parent()
        self._path = TreePath(self._tree.model, index)
        self.panel.head.show_path(self._path.steps)

    def _choose(self, wells: Sequence[Entity]) -> None:
        self._shared.selection.choose(wells or self._tree.browser.entities)
