"""Keeps the list of images at what is selected in the tree, and tells which of the two the user is at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

from omero_desk.gateway.entities import AnnotationCounts, Entity, Kind, Ref
from omero_desk.models.contents import ContentsModel
from omero_desk.models.edits import PendingEdit
from omero_desk.models.gathering import GATHERED, GatheringModel
from omero_desk.models.image_sizes import ImageSizesModel
from omero_desk.models.node import LoadState
from omero_desk.models.thumbnails import ThumbnailsModel
from omero_desk.models.tree import OmeroTreeModel
from omero_desk.views.browser_view import BrowserView
from omero_desk.views.contents_panel import ContentsPanel

_HOLD_IMAGES: Final = (Kind.DATASET, Kind.ORPHANED_IMAGES)


class ContentsPart(QObject):
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
        self._refs: list[Ref] = []
        browser.selected.connect(self._follow_tree)
        browser.view.clicked.connect(self._leave_images)
        browser.refreshed.connect(self._refresh)
        gallery.selected.connect(self._tell_images)
        gallery.retry_wanted.connect(self._retry)
        tree.children_changed.connect(self._follow_children)
        tree.progressed.connect(self._show_state)
        gathering.grown.connect(self._follow_gathering)
        gathering.changed.connect(self._show_state)

    def reset(self) -> None:
        """Another user is there."""
        self._container, self._refs = QPersistentModelIndex(), []
        self._gathering.clear()
        self._contents.show_entities(None, ())
        self._thumbnails.reset()
        self._sizes.reset()

    def retry_failed(self) -> None:
        """Read again what failed: the line is back."""
        self._gathering.retry_failed()

    def take_edit(self, edit: PendingEdit, _receipt: object) -> None:
        """Show what is now on the server."""
        if edit.new_name is not None:
            self._contents.rename(edit.edit.ref, edit.new_name)
            self._tell_images()

    def take_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        """Show new counts of annotations."""
        self._contents.set_annotation_counts(counts)
        if self._gallery.entities:
            self._tell_images()

    def _follow_tree(self, entities: Sequence[Entity]) -> None:
        """Show the images of what is selected; the tree tells it again when something about it has changed."""
        refs = [entity.ref for entity in entities]
        if refs and refs == self._refs:
            self._tell_images()
            return
        self._refs = refs
        self.chosen.emit(entities)
        containers = self._containers()
        shown = bool(containers) and all(kind in GATHERED for kind in (ref.kind for ref in containers))
        self._gallery.setVisible(shown)
        if shown:
            self._show_containers(containers)
            self._gallery.select(ref for ref in refs if ref.kind == Kind.IMAGE)
        else:
            self._gathering.clear()
        self.moved.emit()

    def _containers(self) -> dict[Ref, QModelIndex]:
        """What is selected, or what holds it where it holds nothing itself; each once."""
        found: dict[Ref, QModelIndex] = {}
        selection = self._browser.view.selectionModel().selection()
        for part in map(selection.at, range(selection.count())):
            leaf = None
            for row in range(part.top(), part.bottom() + 1):
                index = self._tree.index(row, 0, part.parent())
                entity = self._tree.entity(index)
                if entity is not None and entity.child_count is not None:
                    found[entity.ref] = index
                elif entity is not None:
                    leaf = entity
            above = self._tree.entity(part.parent()) if leaf is not None else None
            if above is not None:
                found[above.ref] = part.parent()
        return found

    def _show_containers(self, containers: Mapping[Ref, QModelIndex]) -> None:
        ref, index = next(iter(containers.items()))
        if len(containers) == 1 and ref.kind in _HOLD_IMAGES:
            self._gathering.clear()
            self._container = QPersistentModelIndex(index)
            self._tree.fetchMore(index)
            self._gallery.show_entities((ref,), self._tree.all_below(index))
        elif self._tree.scope is not None:
            self._container = QPersistentModelIndex()
            self._gathering.gather(tuple(containers), self._tree.scope)
            self._follow_gathering()
        self._show_state()

    def _follow_children(self, place: Ref) -> None:
        """More images have come, or they have other names."""
        if self._container.isValid() and self._contents.place == (place,):
            self._gallery.show_entities((place,), self._tree.all_below(self._container))

    def _follow_gathering(self) -> None:
        self._gallery.show_entities(self._gathering.place, self._gathering.images.values())

    def _show_state(self) -> None:
        if self._gathering.place:
            problem = self._gathering.problem
            self._gallery.show_state(problem.text if problem else self._gathering.progress, problem is not None)
        elif self._container.isValid():
            state = self._tree.state(self._container)
            failed = state is LoadState.FAILED
            words = self._tree.index(0, 0, self._container).data() if failed else self._tree.progress
            self._gallery.show_state(words if state is not LoadState.LOADED else "", failed)

    def _retry(self) -> None:
        if self._gathering.place:
            self._gathering.refresh()
        else:
            self._tree.retry(self._container)

    def _refresh(self) -> None:
        """What there is, and how it is rendered, may be another by now."""
        self._gathering.refresh()
        self._thumbnails.forget()

    def _leave_images(self) -> None:
        """The user has gone back to the tree, where the same is selected as before."""
        if self._gallery.entities and not any(ref.kind == Kind.IMAGE for ref in self._refs):
            self._gallery.select(())
            self.chosen.emit(self._browser.entities)

    def _tell_images(self) -> None:
        """What is selected among the images, or else in the tree."""
        images = [] if self._gallery.isHidden() else self._gallery.entities
        self.chosen.emit(images or self._browser.entities)
