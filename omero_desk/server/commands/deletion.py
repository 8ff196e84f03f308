"""What goes when objects are deleted (blitz-delete-rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from omero_desk.server.commands import rules
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.graph import Key, Link
from omero_desk.server.commands.planner import Fate, Planner, refuse_unless_permitted

_OWN_PARTS: Final = rules.read(
    """
    Pixels: settings! thumbnails!
    LogicalChannel: channels
    """
)


class DeletionPlanner(Planner):
    """Everything that goes is deleted, and so is every link to it."""

    fate = Fate.DELETED
    own_parts = _OWN_PARTS

    def heed_link(self, link: Link) -> None:
        """Contents and annotations of what goes might go; so might what only the link made use of."""
        name = link.key.root
        if name in self.book.annotation_links:
            self._heed_annotation(link)
        elif name in rules.HOLDS_PARENT:
            self.consider(link.parent)
        elif name in rules.CONTENTS or name == "WellReagentLink":
            is_reached = self.is_going(link.parent) or (name == "WellReagentLink" and self.is_going(link.key))
            if is_reached and self.flags(self.graph[link.child]).can_delete:
                self.consider(link.child)
        elif name == "JobOriginalFileLink" and self.is_going(link.parent):
            job, file = self.graph[link.parent], self.graph[link.child]
            if job.found.name in rules.JOBS_OF_FILES and job.owner_id == file.owner_id:
                self.consider(link.child, unasked=True)

    def _heed_annotation(self, link: Link) -> None:
        annotation = self.graph[link.child]
        kind = annotation.found.name
        if self.book.is_a(kind, *rules.UNASKED_ANNOTATIONS):
            self.consider(link.child, unasked=True)
        elif self.flags(annotation).can_delete:
            is_own = self.is_going(link.parent) and self.graph[link.parent].owner_id == annotation.owner_id
            if is_own or not self.book.is_a(kind, *rules.OWN_ANNOTATIONS):
                self.consider(link.child)

    def settle_links(self) -> None:
        """A link goes with either of its ends."""
        for link in self.links.values():
            if link.parent in self.going or link.child in self.going:
                self.send(link.key, Fate.DELETED, unasked=link.key.root not in rules.CHECKED_LINKS)

    def check_violations(self) -> None:
        """Raise GraphError as OMERO does where a whole would lose a part."""
        for text in self._violations():
            raise GraphError(text)

    def check_permissions(self) -> None:
        """Raise GraphError where the caller may not delete something that goes."""
        asked = [self.graph[key] for key in self.going if key not in self.unasked]
        refuse_unless_permitted(asked, "not permitted to delete", lambda thing: self.flags(thing).can_delete)

    def _violations(self) -> Iterator[str]:
        yield from self._torn_filesets()
        for user, gone in self._remaining("FilesetEntry.originalFile", "OriginalFile"):
            yield f"may not delete {self.graph[gone]} while {self.graph[user]} remains"
        for user, gone in self._remaining("WellSample.image", "Image"):
            yield f"may not delete {self.graph[gone]} while {self.graph[user]} remains"
        for link in self.links.values():
            if link.child in self.going and self.graph[link.child].found.name == "TagAnnotation":
                parent = self.graph[link.parent]
                if link.parent not in self.going and not self.flags(parent).can_delete:
                    yield f"may not delete {self.graph[link.child]} while {parent} remains"

    def _torn_filesets(self) -> Iterator[str]:
        for image, fileset in self.graph.ends("Image.fileset", self._gone("Image")):
            if fileset not in self.going:
                for _, other in self.graph.ends("Fileset.images", [fileset]):
                    if other not in self.going:
                        whole, gone, stays = (self.graph[key] for key in (fileset, image, other))
                        yield f"within {whole} may not delete {gone} while {stays} remains"

    def _gone(self, root: str) -> list[Key]:
        return [key for key in self.going if key.root == root]

    def _remaining(self, edge: str, root: str) -> Iterator[tuple[Key, Key]]:
        for gone, user in self.graph.users(edge, self._gone(root)):
            if user not in self.going:
                yield user, gone
