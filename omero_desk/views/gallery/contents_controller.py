"""Keeps the list of images at what is selected in the tree, and tells which of the two the user is at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

from omero_desk.entities.objects import AnnotationCounts, Entity, Kind, Ref
from omero_desk.models.annotations.description import title
from omero_desk.models.annotations.pending import PendingEdit
from omero_desk.models.annotations.summary import Summary
from omero_desk.models.chosen import Chosen
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.gathering import GATHERED, GatheringModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.translation import translate
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.gallery.contents_panel import ContentsPanel
from omero_desk.views.gallery.contents_states import Reading
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.tree.paths import TreePath
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.path_head import Step

_HOLD_IMAGES: Final = (Kind.DATASET, Kind.ORPHANED_IMAGES)
_SCREENED: Final = (Kind.SCREEN, Kind.PLATE, Kind.RUN, Kind.WELL)
"""The containers whose images only a plate's own view shows."""


class ContentsController(QObject):
    """Stands between tree and gallery.

    One dataset shows as the tree loads it; of a project, or of several containers, the images are gathered. `chosen`
    tells what is selected, be it in the tree or among the images; `moved` that something else is in the tree.
    """

    chosen = Signal(object)
    moved = Signal()

    def __init__(
        self,
        browser: BrowserView,
        tree: OmeroTreeModel,
        gallery: ContentsPanel,
        contents: ContentsModel,
        gathering: GatheringModel,
        thumbnails: ThumbnailsModel,
        sizes: ImageSizesModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._browser, self._tree, self._gallery = browser, tree, gallery
        self._contents, self._gathering = contents, gathering
        self._thumbnails, self._sizes = thumbnails, sizes
        self._container = QPersistentModelIndex()
        self._path = TreePath(tree)
        self._chosen = Chosen()
        self._left_out = False
        browser.selected.connect(self._follow_tree)
        browser.view.clicked.connect(self._leave_images)
        browser.refreshed.connect(self._refresh)
        gallery.selected.connect(self._tell_images)
        gallery.retry_wanted.connect(self._retry)
        gallery.cancelled.connect(self._stop)
        gallery.bar.head.wanted.connect(lambda place: self._path.go(browser.view, place))
        tree.children_changed.connect(self._follow_children)
        tree.children_come.connect(self._follow_more)
        tree.progressed.connect(self._show_state)
        gathering.grown.connect(self._follow_gathering)
        gathering.changed.connect(self._show_state)

    def reset(self) -> None:
        """Show nothing, as another user signed in."""
        self._container, self._chosen, self._left_out = QPersistentModelIndex(), Chosen(), False
        self._gathering.clear()
        self._contents.show_entities(None, ())
        self._thumbnails.reset()
        self._sizes.reset()

    def retry_failed(self) -> None:
        """Read again what failed, now that the connection is back."""
        self._gathering.retry_failed()

    def take_edit(self, edit: PendingEdit, _receipt: object) -> None:
        """Show what is now on the server."""
        if edit.new_name is not None:
            self._contents.rename(edit.edit.ref, edit.new_name)
            self._show_path(list(self._containers().values()))
            self._tell_images()

    def take_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        """Show new counts of annotations."""
        self._contents.set_annotation_counts(counts)
        if self._gallery.entities:
            self._tell_images()

    def _follow_tree(self, entities: Chosen) -> None:
        """Show the images of what is selected; the tree tells it again when something about it has changed."""
        elsewhere = not entities.has_the_objects_of(self._chosen)
        self._chosen = entities
        if not elsewhere:
            self._find_container()
            if entities:
                self._tell_images()
                return
        self.chosen.emit(entities)
        containers = self._containers()
        gathered = {ref: index for ref, index in containers.items() if ref.kind in GATHERED}
        self._left_out = any(ref.kind in _SCREENED for ref in containers)
        self._show_path(list(containers.values()))
        screens = len(containers) > 1 and all(ref.kind == Kind.SCREEN for ref in containers)
        self._gallery.setVisible(bool(gathered) or screens)
        if gathered:
            self._show_containers(gathered)
            self._gallery.select(entities)
        else:
            self._show_nothing()
        if elsewhere:
            self.moved.emit()

    def _show_path(self, containers: Sequence[QModelIndex]) -> None:
        """Show above the images where they are."""
        self._path = TreePath(self._tree, containers[0] if len(containers) == 1 else None)
        steps = self._path.steps
        if len(containers) > 1:
            found = [entity for index in containers if (entity := self._tree.entity(index)) is not None]
            steps = [Step(icons.kind_icon(found[0].ref.kind), title(found, Summary(found)))] if found else []
        self._gallery.bar.head.show_path(steps)

    def _show_nothing(self) -> None:
        """Show no images, and why not."""
        self._gathering.clear()
        self._container = QPersistentModelIndex()
        self._gallery.show_entities((), ())
        self._show_state()

    def _find_container(self) -> None:
        """Find the row of the container again that a filter had hidden."""
        found = self._containers() if not self._container.isValid() else {}
        for ref, index in found.items():
            if self._contents.place == (ref,) and not self._gathering.place:
                self._container = QPersistentModelIndex(index)

    def _containers(self) -> dict[Ref, QModelIndex]:
        """Return the selected containers, and the containers of other selected objects, each once."""
        found: dict[Ref, QModelIndex] = {}
        for place, run in self._browser.view.selected_runs():
            held = 0
            for row, entity in self._tree.with_rows_below(run):
                if _holds_images(entity):
                    held += 1
                    found[entity.ref] = self._tree.index(row, 0, place)
            above = self._tree.entity(place) if held < len(run) else None
            while above is not None and not _holds_images(above):
                place = place.parent()
                above = self._tree.entity(place)
            if above is not None:
                found[above.ref] = place
        return found

    def _show_containers(self, containers: Mapping[Ref, QModelIndex]) -> None:
        ref, index = next(iter(containers.items()))
        if len(containers) == 1 and ref.kind in _HOLD_IMAGES:
            self._gathering.clear()
            follows = self._container.isValid() and self._contents.place == (ref,)
            self._container = QPersistentModelIndex(index)
            self._tree.fetchMore(index)
            if not follows:
                self._gallery.show_entities((ref,), self._tree.all_below(index))
        elif self._tree.scope is not None:
            self._container = QPersistentModelIndex()
            self._gathering.gather(tuple(containers), self._tree.scope)
            if self._contents.place != self._gathering.place:
                self._follow_gathering()
        self._show_state()

    def _follow_children(self, place: Ref) -> None:
        """More images have come, or they have other names."""
        if self._container.isValid() and self._contents.place == (place,):
            self._gallery.show_entities((place,), self._tree.all_below(self._container))

    def _follow_more(self, place: Ref, come: Sequence[Entity]) -> None:
        if self._container.isValid() and self._contents.place == (place,):
            self._gallery.add_entities((place,), come)

    def _follow_gathering(self, come: Sequence[Entity] = ()) -> None:
        if come:
            self._gallery.add_entities(self._gathering.place, come)
        else:
            self._gallery.show_entities(self._gathering.place, self._gathering.images.values())

    def _show_state(self) -> None:
        self._gallery.show_reading(self._reading())

    def _reading(self) -> Reading:
        """Return how the reading of the images goes."""
        remark = self._remark()
        if self._gathering.place:
            kind = self._gathering.place[0].kind if len(self._gathering.place) == 1 else ""
            is_under_way = self._gathering.state is LoadState.LOADING
            return Reading(is_under_way, self._gathering.found, 0, self._gathering.problem, remark, kind)
        entity = self._tree.entity(self._container)
        if entity is None:
            return Reading(remark=remark)
        is_under_way = self._tree.state(self._container) is LoadState.LOADING
        total = max(entity.child_count or 0, 0)
        problem = self._tree.problem_of(self._container)
        return Reading(is_under_way, self._tree.arrived(self._container), total, problem, remark, entity.ref.kind)

    def _remark(self) -> str:
        """Return a sentence on what is selected and cannot be shown here, "" if there is no such thing."""
        words = translate(
            "Gallery", "Images in screens and plates are not shown here: select one plate to see its wells."
        )
        return words if self._left_out else ""

    def _retry(self) -> None:
        if self._gathering.place:
            self._gathering.refresh()
        elif self._container.isValid():
            self._tree.refresh([self._container])

    def _stop(self) -> None:
        """Wait no longer for what is being read."""
        if self._gathering.place:
            self._gathering.stop()
        else:
            self._tree.stop(self._container)

    def _refresh(self) -> None:
        """Read the images and their thumbnails again."""
        self._gathering.refresh()
        self._thumbnails.forget()

    def _leave_images(self) -> None:
        """Announce the selection of the tree again, as the user went back to it."""
        if self._gallery.entities and not any(one.ref.kind == Kind.IMAGE for one in self._chosen):
            self._gallery.select(Chosen())
            self.chosen.emit(self._browser.entities)

    def _tell_images(self) -> None:
        """Announce the selected images, or else what is selected in the tree."""
        images = [] if self._gallery.isHidden() else self._gallery.entities
        self.chosen.emit(images or self._browser.entities)


def _holds_images(entity: Entity) -> bool:
    """Return whether something hangs below an object that is no image: wrappers may list children of an image too."""
    return entity.child_count is not None and entity.ref.kind != Kind.IMAGE
