"""The rules of moves to another group (blitz-chgrp-rules.xml of omero-blitz)."""

from __future__ import annotations

from collections.abc import Iterator

from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.graph import Key, Link
from omero_desk.server.commands.rules.moving import DISPLAY, MovePlanner
from omero_desk.server.commands.rules.planner import Fate


class ChgrpPlanner(MovePlanner):
    """Plans a move to another group; `to_private` is true for one whose members do not see each other's data."""

    to_private = False

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """Move the rendering settings and thumbnails of others along, but delete them on the way to a private group."""
        if edge.name in DISPLAY and not self.have_one_owner(whole, part):
            fate = Fate.DELETED if self.to_private else self.going[whole]
            self.send(part, fate, unasked=True)
        else:
            super().meet_part(edge, whole, part)

    def takes_contents(self, container: Key, content: Key) -> bool:
        """Return whether a content may go along: one of the container's owner may.

        Into a group that is not private, so may one that the caller may delete, or whose container the caller may move.
        """
        if self.have_one_owner(container, content):
            return True
        held, holder = self.flags(self.graph[content]), self.flags(self.graph[container])
        return not self.to_private and (held.can_delete or holder.can_chgrp)

    def takes_annotation(self, link: Link) -> bool:
        """Return whether an annotation may go along: a file or tag only with an object of its own owner."""
        if not self.book.is_a(self.graph[link.child].found.name, *rules.OWN_ANNOTATIONS):
            return True
        may = self.flags(self.graph[link.child]).can_delete or self.flags(self.graph[link.parent]).can_chgrp
        return may and self.have_one_owner(link.parent, link.child)

    def is_kept(self, key: Key) -> bool:
        """Return whether an annotation stays: a file or tag that an object of another owner is annotated with."""
        if not self.book.is_a(self.graph[key].found.name, *rules.OWN_ANNOTATIONS):
            return False
        return any(not self.have_one_owner(bearer, key) for bearer in self.bearers(key))

    def fate_of_last(self, key: Key) -> tuple[Fate, bool] | None:
        """Move an object, or delete an annotation or ROI of another owner that may not go along."""
        if self.to_private and self._is_of_two_owners(key):
            return None
        if key.root == "Annotation":
            return self._fate_of_annotation(key)
        if key.root == "Roi":
            images = [image for _, image in self.graph.ends("Roi.image", [key])]
            if any(self.have_one_owner(image, key) for image in images):
                return Fate.MOVED, False
            return (Fate.DELETED if self.to_private else Fate.MOVED), True
        flags = self.flags(self.graph[key])
        is_quiet = key.root in ("Dataset", "Image", "Plate", "Folder") and (flags.can_delete or flags.can_chgrp)
        return Fate.MOVED, is_quiet and not self.to_private

    def _is_of_two_owners(self, key: Key) -> bool:
        """Return whether an instrument is used by an image of another owner, or an image uses such an instrument."""
        if key.root == "Instrument":
            return any(not self.have_one_owner(*pair) for pair in self.graph.users("Image.instrument", [key]))
        if key.root == "Image":
            return any(not self.have_one_owner(*pair) for pair in self.graph.ends("Image.instrument", [key]))
        return False

    def _fate_of_annotation(self, key: Key) -> tuple[Fate, bool] | None:
        if self.is_kept(key):
            return None
        bearers = self.bearers(key)
        own = [self.going[bearer] for bearer in bearers if self.have_one_owner(bearer, key)]
        if own:
            return (Fate.MOVED if Fate.MOVED in own else Fate.DELETED), False
        may_delete = self.flags(self.graph[key]).can_delete
        if may_delete and not self.to_private and any(self.going[each] is Fate.MOVED for each in bearers):
            return Fate.MOVED, False
        if self.book.is_a(self.graph[key].found.name, *rules.UNASKED_ANNOTATIONS):
            return Fate.DELETED, True
        return (Fate.DELETED, False) if may_delete else None

    def settle_links(self) -> None:
        """Move links between objects that move; delete others to them, and objective settings, which stay behind."""
        for link in list(self.links.values()):
            ends = (self.fate_of(link.parent), self.fate_of(link.child))
            if ends == (Fate.MOVED, Fate.MOVED) and self._may_keep(link):
                self.send(link.key, Fate.MOVED, unasked=True)
            elif ends != (None, None) and link.key.root not in ("FilesetJobLink", "JobOriginalFileLink"):
                self.send(link.key, Fate.DELETED, unasked=True)
        for _, settings in self.graph.ends("Image.objectiveSettings", self.sent("Image")):
            self.send(settings, Fate.DELETED)

    def _may_keep(self, link: Link) -> bool:
        is_mixed = not self.have_one_owner(link.parent, link.child)
        return not (self.to_private and is_mixed and link.key.root in rules.CONTENTS)

    def violations(self) -> Iterator[str]:
        """Yield refusals for objects that belong together and that the plan separates."""
        yield from super().violations()
        yield from self._tags_in_use()
        if self.to_private:
            for image, user in self.graph.users("WellSample.image", self.sent("Image")):
                if not self.have_one_owner(image, user):
                    text = "may not move {} to private group while it is used by differently owned {}"
                    yield self.say(text, image, user)

    def _tags_in_use(self) -> Iterator[str]:
        for link in self.links.values():
            is_tag = self.graph[link.child].found.name == "TagAnnotation"
            is_left = is_tag and self.fate_of(link.child) is Fate.MOVED and link.parent not in self.going
            if is_left and not self.flags(self.graph[link.parent]).can_delete:
                yield self.say("may not move {} while used by {}", link.child, link.parent)
