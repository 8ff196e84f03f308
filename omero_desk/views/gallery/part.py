"""The gallery as a part of the window: the images of what is selected in the tree, as thumbnails or as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtGui import QAction
from typing_extensions import override

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Account
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.contents_column import ContentsColumn
from omero_desk.models.gallery.gathering import GatheringModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.source import ReadsGallery
from omero_desk.models.gallery.thumbnails import ReadsThumbnails, ThumbnailsModel
from omero_desk.views.gallery.commands import DESCENDING, GRID, KEYS, ORDERS, TABLE, THUMBNAILS
from omero_desk.views.gallery.contents_controller import ContentsController
from omero_desk.views.gallery.contents_panel import ContentsPanel
from omero_desk.views.parts.actions import group
from omero_desk.views.parts.command import Menu
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Pane, Part, Shared
from omero_desk.views.tree.part import TreePart

_LOOK: Final = "contents"
"""The name of the setting."""
_WIDTH: Final = 700


class GalleryPart(Part):
    """Stands beside the tree; what is selected in either of the two is what is selected in the window."""

    keys = KEYS

    def __init__(
        self,
        shared: Shared,
        reader: ReadsGallery,
        pictures: ReadsThumbnails,
        counts: AnnotationCountsModel,
        edits: EditsModel,
        tree: TreePart,
    ) -> None:
        self._shared = shared
        report, window = shared.messages.report, shared.window
        self.thumbnails = ThumbnailsModel(pictures, report, parent=window)
        self.sizes = ImageSizesModel(reader.sizes, report, window)
        self.contents = ContentsModel(shared.account, self.sizes, self.thumbnails.remark, window)
        self.gathering = GatheringModel(reader.images, report, window)
        self.panel = ContentsPanel(self.contents, self.thumbnails, counts)
        of_contents = self.contents, self.gathering, self.thumbnails, self.sizes
        self.controller = ContentsController(tree.browser, tree.model, self.panel, *of_contents, window)
        self.models = self.thumbnails, self.gathering, self.sizes, self.contents
        self.panes = (Pane(self.panel, _WIDTH, stretch=1),)
        self.controller.chosen.connect(shared.selection.choose)
        self.controller.moved.connect(shared.selection.moved)
        self.panel.preview.watch(tree.browser.view, tree.model.entity)
        self.panel.opened.connect(shared.selection.opened)
        shared.selection.remark_on = self.thumbnails.remark
        shared.selection.picture_of, shared.selection.size_of = self.thumbnails.picture, self._size
        self.thumbnails.arrived.connect(shared.selection.take_remarks)
        edits.done.connect(self.controller.take_edit)
        counts.counted.connect(self.controller.take_counts)

    def _size(self, image_id: int) -> ImageSize | None:
        return self.sizes.get(image_id) or self.thumbnails.size(image_id)

    @override
    def commands(self) -> Iterable[Binding]:
        bar = self.panel.bar
        return (
            Binding(GRID, lambda: bar.as_gallery.setChecked(True)),
            Binding(TABLE, lambda: bar.as_table.setChecked(True)),
            Binding(THUMBNAILS, self.panel.grid.show_pictures),
            *(Binding(order, partial(self._sort, column)) for column, order in ORDERS.items()),
            Binding(DESCENDING, lambda down: bar.sorted.emit(bar.chosen_column, down)),
        )

    def _sort(self, column: ContentsColumn, _checked: bool = False) -> None:
        self.panel.bar.sorted.emit(column, self.panel.bar.descending.isChecked())

    @override
    def furnished(self) -> None:
        commands = self._shared.commands
        self.panel.fill_menu = lambda menu: commands.fill(menu, Menu.OBJECTS)
        self.panel.show_info = self._shared.selection.info_wanted.emit
        self._views = [*group(self._shared.window, [commands[GRID.id], commands[TABLE.id]])]
        self.panel.bar.view_chosen.connect(self._check_view)
        self._check_view()
        orders = group(self._shared.window, [commands[order.id] for order in ORDERS.values()])
        columns, descending = list(ORDERS), commands[DESCENDING.id]

        def follow(column: ContentsColumn, down: bool) -> None:
            orders[columns.index(column)].setChecked(True)
            descending.setChecked(down)

        self.panel.bar.order_shown.connect(follow)
        follow(self.panel.bar.chosen_column, self.panel.bar.descending.isChecked())

    def join_views(self, action: QAction) -> None:
        """Have one more view of Contents among those of which one is on."""
        views = self._views[0].actionGroup()
        views.addAction(action)
        self._views.append(action)
        self._check_view()

    def _check_view(self) -> None:
        for action, button in zip(self._views, self.panel.bar.views, strict=False):
            if button.isChecked():
                action.setChecked(True)

    @override
    def entered(self, account: Account) -> None:
        self.controller.reset()

    @override
    def returned(self) -> None:
        self.controller.retry_failed()

    @override
    def left(self) -> None:
        self.controller.reset()

    @override
    def state_changed(self, state: State) -> None:
        self.thumbnails.follow(state)

    @override
    def save_state(self) -> Mapping[str, Any]:
        return {_LOOK: self.panel.look}

    @override
    def restore_state(self, state: Mapping[str, Any]) -> None:
        self.panel.arrange(state[_LOOK])
        self._shared.commands[THUMBNAILS.id].setChecked(state[_LOOK].thumbnails)
