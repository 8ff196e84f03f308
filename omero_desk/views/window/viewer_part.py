"""Images in view as a part of the window: tabs, windows, several side by side, and the Image menu."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from omero_desk.entities.objects import Account, Entity, Kind, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models import labels
from omero_desk.models.exports.exports import ExportsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.quantities import number as in_digits
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.translation import translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.models.viewer.images import ImagesModel, ReadsImages
from omero_desk.views.exports.commands import EXPORT_COMMANDS
from omero_desk.views.parts.command import Command, Menu, MenuPlace
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.tools.commands import TOOL_COMMANDS
from omero_desk.views.viewer.commands import CANVAS_KEYS, COMPARE_COMMANDS, VIEWER_COMMANDS
from omero_desk.views.viewer.compare_view import MOST
from omero_desk.views.window.centre_view import CentreView
from omero_desk.views.window.commands import (
    CLOSE_ALL,
    CLOSE_OTHERS,
    CLOSE_TAB,
    NEXT_TAB,
    PREVIOUS_TAB,
    REOPEN,
    WINDOW,
)
from omero_desk.views.window.image_menu import ImageMenu, tab_menu

COMPARE: Final = Command(
    "compare",
    mark("Viewer", "Open side by &side"),
    "side-by-side",
    ("Ctrl+Return",),
    mark("Viewer", "Up to four selected images in one tab"),
    (MenuPlace(Menu.FILE, 1), MenuPlace(Menu.OBJECTS)),
)
BESIDE: Final = Command(
    "beside",
    mark("Viewer", "Show &beside"),
    "side-by-side",
    ("Ctrl+Shift+Return",),
    mark("Viewer", "Add what is selected to the images side by side"),
    (MenuPlace(Menu.FILE, 1), MenuPlace(Menu.OBJECTS)),
)


class ViewerPart(Part):
    """Opens what the user wants to see. `images` are those in view; `centre` holds their tabs."""

    keys = (
        *VIEWER_COMMANDS,
        *TOOL_COMMANDS,
        *EXPORT_COMMANDS,
        WINDOW,
        *CANVAS_KEYS,
        *COMPARE_COMMANDS,
    )

    def __init__(
        self,
        shared: Shared,
        reader: ReadsImages,
        thumbnails: ThumbnailsModel,
        exports: ExportsModel,
        regions: RegionsModel,
        pool: PixelPool | None = None,
    ) -> None:
        self._shared, self._selection = shared, shared.selection
        report, window = shared.messages.report, shared.window
        self.images = ImagesModel(reader, shared.account, report, window, thumbnails.pixels_of, pool)
        self.centre = CentreView(self.images, exports, regions, lambda: shared.selection.images_or_datasets)
        self.models = (self.images,)
        self.images.settings_saved.connect(thumbnails.forget)
        self.images.told.connect(shared.messages.inform)
        self._selection.opened.connect(self._open)
        self._selection.moved.connect(self.centre.show_contents)
        self.centre.compare_wanted.connect(self._compare_with)
        self.centre.pages_changed.connect(self._bring_to_front)

    @override
    def commands(self) -> Iterable[Binding]:
        centre = self.centre
        return (
            Binding(COMPARE, self._compare, self._why_not_compare),
            Binding(BESIDE, self._add_beside, self._why_no_image),
            Binding(CLOSE_TAB, lambda: centre.close_tab(centre.currentIndex()), self._why_no_tab),
            Binding(CLOSE_OTHERS, lambda: centre.close_others(centre.currentIndex()), self._why_no_tabs),
            Binding(CLOSE_ALL, lambda: centre.close_others(0), self._why_no_tabs),
            Binding(REOPEN, centre.reopen, self._why_not_reopen),
            Binding(NEXT_TAB, lambda: centre.show_next(1), self._why_no_tabs),
            Binding(PREVIOUS_TAB, lambda: centre.show_next(-1), self._why_no_tabs),
        )

    @override
    def around(self, centre: QWidget) -> QWidget:
        self.centre.hold(centre)
        return self.centre

    @override
    def furnished(self) -> None:
        commands = self._shared.commands
        ImageMenu(commands.menus[Menu.IMAGE], commands, self.centre)
        self.centre.pages_changed.connect(commands.refresh)
        self.centre.menu_wanted.connect(self._open_tab_menu)

    @override
    def entered(self, account: Account) -> None:
        self.images.warm_up()

    @override
    def returned(self) -> None:
        self.images.warm_up()

    @override
    def left(self) -> None:
        self.centre.close_all()
        self.images.leave()

    @override
    def unsaved(self) -> Sequence[Unsaved]:
        return self.images.unsaved_work()

    @override
    def ended(self) -> None:
        self.centre.hide_windows()

    def _bring_to_front(self) -> None:
        """Have the inspector be about the image in front."""
        front = self.centre.front
        self._shared.front.bring(self.centre.pages, front.model.ref if front is not None else None)

    def _open(self, entity: Entity) -> None:
        """Show an image; of what holds others a double click opens the row alone."""
        if entity.ref.kind == Kind.IMAGE:
            self.centre.open_image(entity.ref, labels.name(entity))

    def _open_tab_menu(self, index: int, point: QPoint) -> None:
        """Offer what can be done with a tab, which comes to the front: it is what the commands are about."""
        self.centre.setCurrentIndex(index)
        menu = tab_menu(self._shared.commands, self.centre)
        menu.popup(point)

    def _why_no_tab(self) -> str:
        return "" if self.centre.currentIndex() > 0 else translate("Viewer", "No image is in front")

    def _why_no_tabs(self) -> str:
        return "" if self.centre.count() > 1 else translate("Viewer", "There is only one tab")

    def _why_not_reopen(self) -> str:
        return "" if self.centre.can_reopen else translate("Viewer", "No tab was closed")

    def _why_no_image(self) -> str:
        return "" if self._selection.first_images(1) else translate("Viewer", "No image is selected")

    def _why_not_compare(self) -> str:
        return "" if len(self._selection.first_images(2)) > 1 else translate("Viewer", "Select two to four images")

    def _compare(self) -> None:
        """Show the images in a tab of their own, as many as there is room for."""
        images = self._selection.images
        self.centre.open_side_by_side([(image.ref, labels.name(image)) for image in images[:MOST]])
        self._tell(MOST, len(images))

    def _compare_with(self, ref: Ref, name: str) -> None:
        """Show an image that is open side by side with those that are selected."""
        others = [image for image in self._selection.images if image.ref != ref]
        if not others:
            self._shared.messages.inform(
                translate("Viewer", "Select up to three other images in the library, to see this one beside them.")
            )
            return
        self.centre.open_side_by_side([(ref, name), *((one.ref, labels.name(one)) for one in others[: MOST - 1])])
        self._tell(MOST, len(others) + 1)

    def _add_beside(self) -> None:
        """Show the images beside those that are shown."""
        images = self._selection.images
        for number, image in enumerate(images):
            if self.centre.show_beside(image.ref, labels.name(image)) is None:
                self._tell(number, len(images))
                return

    def _tell(self, shown: int, wanted: int) -> None:
        if shown < wanted:
            some = translate("Viewer", "The first {shown} of {wanted} images are shown: {most} stand side by side.")
            none = translate("Viewer", "There is no room: {most} images stand side by side.")
            words = some if shown else none
            self._shared.messages.inform(words.format(shown=shown, wanted=in_digits(wanted), most=MOST))
