"""Finding things: the way back and forward, what is open in the tree, and the search for objects and commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from PySide6.QtGui import QAction
from typing_extensions import override

from omero_desk.entities.objects import Account, Kind, Ref
from omero_desk.models.finding.found import INSIDE, ONLY_COMMANDS, CommandRow, FoundModel, FoundRow
from omero_desk.models.finding.loaded_objects import Group
from omero_desk.models.messages import Message
from omero_desk.models.navigation import NavigationModel, Place
from omero_desk.models.translation import say, translate
from omero_desk.views.gallery.part import GalleryPart
from omero_desk.views.parts.command import SUBMENUS, Command, Menu
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.tree.commands import FILTER
from omero_desk.views.tree.part import TreePart
from omero_desk.views.window.commands import ALL_COMMANDS, BACK, FORWARD, SEARCH, SHOW_IN_TREE
from omero_desk.views.window.palette import SearchPalette
from omero_desk.views.window.search_button import SearchButton
from omero_desk.views.window.viewer_part import ViewerPart

_MOST_ROWS: Final = 200
"""So many rows of a selection are gone back to."""


class FindingPart(Part):
    """Knows where the user was, and leads to what is loaded."""

    def __init__(self, shared: Shared, tree: TreePart, gallery: GalleryPart, viewer: ViewerPart) -> None:
        self._shared, self._tree, self._gallery = shared, tree, gallery
        self._centre = viewer.centre
        self.navigation = NavigationModel(self._go, shared.window)
        self.navigation.changed.connect(shared.commands.refresh)
        self.found = FoundModel(self._groups, self._command_rows, shared.messages.report, shared.window)
        self.palette = SearchPalette(self.found, shared.window)
        self.palette.chosen.connect(self._choose)
        self.button = SearchButton(SEARCH)
        self.button.clicked.connect(lambda: self.palette.open_with(""))
        self.top = (self.button,)
        self.models = (self.found,)
        for changed in (tree.model.loaded, tree.model.modelReset, gallery.contents.modelReset):
            changed.connect(self.found.renew)
        shared.selection.moved.connect(self._note_rows)
        self._centre.currentChanged.connect(self._note_tab)

    @override
    def commands(self) -> Iterable[Binding]:
        return (
            Binding(BACK, self.navigation.back, self._why_not_back),
            Binding(FORWARD, self.navigation.forward, self._why_not_forward),
            Binding(SHOW_IN_TREE, self._show_in_tree, self._why_not_in_tree),
            Binding(SEARCH, lambda _checked: self.palette.open_with("")),
            Binding(ALL_COMMANDS, lambda _checked: self.palette.open_with(ONLY_COMMANDS)),
            Binding(FILTER, self._filter),
        )

    @override
    def entered(self, account: Account) -> None:
        self.navigation.clear()

    @override
    def left(self) -> None:
        self.palette.leave()
        self.navigation.clear()

    # The search

    def _groups(self) -> Iterator[Group]:
        """Yield what is loaded: the tree, and images of the contents that the tree does not have."""
        yield from self._tree.model.groups()
        yield (), list(self._gallery.contents.entities)

    def _command_rows(self) -> list[CommandRow]:
        commands = self._shared.commands
        return [_command_row(command, menu, *commands.offered(command)) for command, menu in commands.in_bar]

    def _choose(self, row: FoundRow, in_place: bool) -> None:
        """Run a command; open an image; select anything else, and with `in_place` all, in the tree."""
        if row.command is not None:
            self._run(row.command.id)
        elif row.entity is not None and row.entity.ref.kind == Kind.IMAGE and not (in_place and row.path):
            self._shared.selection.opened.emit(row.entity)
        elif self._tree.browser.select_paths((row.path,)):
            self._centre.show_contents()
            self._tree.browser.view.setFocus()

    def _run(self, identity: str) -> None:
        commands = self._shared.commands
        action, why_not = commands.offered(next(one for one in commands.known if one.id == identity))
        if action is not None and not why_not:
            action.trigger()

    # Back and forward

    def _note_rows(self) -> None:
        paths = self._tree.browser.selected_paths(_MOST_ROWS)
        if paths:
            self.navigation.visit(Place(paths))

    def _note_tab(self, index: int) -> None:
        viewer = self._centre.image_in(index)
        if viewer is not None:
            self.navigation.visit(Place(image=viewer.model.ref, name=self._centre.name_of(index)))
        elif index == 0:
            self._note_rows()
        else:
            self.navigation.visit(Place(beside=self._centre.opened_in(index)))

    def _go(self, place: Place) -> bool:
        if place.image is not None:
            self._centre.open_image(place.image, place.name)
            return True
        if place.beside:
            self._centre.show_side_by_side(place.beside)
            return True
        shown = self._tree.browser.select_paths(place.paths)
        if shown:
            self._centre.show_contents()
        return shown

    def _why_not_back(self) -> str:
        return "" if self.navigation.can_go_back else translate("Window", "There is nothing to go back to")

    def _why_not_forward(self) -> str:
        return "" if self.navigation.can_go_forward else translate("Window", "There is nothing to go forward to")

    # The tree

    def _wanted(self) -> Ref | None:
        """Return what is open in front, or else what is selected."""
        viewer = self._centre.front
        if viewer is not None:
            return viewer.model.ref
        entities = self._shared.selection.entities
        return entities[0].ref if entities else None

    def _show_in_tree(self) -> None:
        """Select it in the tree, or say that it is not among the rows that are loaded."""
        wanted = self._wanted()
        path = None if wanted is None else self._tree.model.path_to(wanted)
        if path is not None and self._tree.browser.select_paths((path,)):
            self._tree.browser.view.setFocus()
        else:
            words = translate("Window", "It is not among the rows of the tree that are loaded.")
            self._shared.messages.post(Message(words))

    def _why_not_in_tree(self) -> str:
        return "" if self._wanted() is not None else translate("Window", "Nothing is open or selected")

    def _filter(self) -> None:
        """Go to the field that filters what has the focus."""
        panel = self._gallery.panel
        focus = self._shared.window.focusWidget()
        is_there = panel.isVisible() and focus is not None and panel.isAncestorOf(focus)
        (panel.bar.filter_edit if is_there else self._tree.browser.filter_edit).enter()


def _command_row(command: Command, menu: Menu, action: QAction | None, why_not: str) -> CommandRow:
    above = [SUBMENUS[menu].menu, menu] if menu in SUBMENUS else [menu]
    where = INSIDE.join(one.title.replace("&", "") for one in above)
    tip = say(command.tip) if command.tip is not None else ""
    if not why_not and (action is None or not action.isEnabled()):
        why_not = action.toolTip() if action is not None else translate("Finding", "It cannot be used here")
    return CommandRow(command.id, command.name, where, command.keys, command.icon, tip, why_not)
