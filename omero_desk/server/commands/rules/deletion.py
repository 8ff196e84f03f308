"""The rules of deleting (blitz-delete-rules.xml of omero-blitz)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.graph import Link
from omero_desk.server.commands.rules.planner import Fate, Planner, refuse_unless_permitted

_OWN_PARTS: Final = rules.read(
    """
    Pixels: settings! thumbnails!
    LogicalChannel: channels
    """
)


class DeletionPlanner(Planner):
    """Plans a deletion: every object that goes is deleted, and so is every link to it."""

    fate = Fate.DELETED
    verb = "delete"
    own_parts = _OWN_PARTS

    def meet_link(self, link: Link) -> None:
        """Consider contents and annotations of an object that goes, and the parent of a link that holds it."""
        name = link.key.root
        if name in self.book.annotation_links:
            self._meet_annotation(link)
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

    def _meet_annotation(self, link: Link) -> None:
        annotation = self.graph[link.child]
        kind = annotation.found.name
        if self.book.is_a(kind, *rules.UNASKED_ANNOTATIONS):
            self.consider(link.child, unasked=True)
        elif self.flags(annotation).can_delete:
            is_own = self.is_going(link.parent) and self.graph[link.parent].owner_id == annotation.owner_id
            if is_own or not self.book.is_a(kind, *rules.OWN_ANNOTATIONS):
                self.consider(link.child)

    def settle_links(self) -> None:
        """Let each link go with either of its ends."""
        for link in self.links.values():
            if link.parent in self.going or link.child in self.going:
                self.send(link.key, Fate.DELETED, unasked=link.key.root not in rules.CHECKED_LINKS)

    def check_permissions(self) -> None:
        """Raise GraphError for objects that the caller is not permitted to delete."""
        asked = [self.graph[key] for key in self.going if key not in self.unasked]
        refuse_unless_permitted(asked, "not permitted to delete", lambda thing: self.flags(thing).can_delete)

    def violations(self) -> Iterator[str]:
        """Yield refusals for objects that belong together and that the plan separates."""
        yield from super().violations()
        yield from self.torn_users("FilesetEntry.originalFile")
        yield from self.torn_users("WellSample.image")
        for link in self.links.values():
            is_tag = link.child in self.going and self.graph[link.child].found.name == "TagAnnotation"
            if is_tag and link.parent not in self.going and not self.flags(self.graph[link.parent]).can_delete:
                yield self.say("may not delete {} while {} remains", link.child, link.parent)
