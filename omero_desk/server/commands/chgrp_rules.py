"""What goes along when objects change their group (blitz-chgrp-rules)."""

from __future__ import annotations

from collections.abc import Iterator

from omero_desk.server.commands import rules
from omero_desk.server.commands.graph import Key, Link
from omero_desk.server.commands.moving import DISPLAY, MovePlanner
from omero_desk.server.commands.planner import Fate


class ChgrpPlanner(MovePlanner):
    """OMERO's blitz-chgrp-rules; `to_private` says that the members of the other group do not see each other's data."""

    to_private = False

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """How others look at an image goes along, but not into a private group."""
        if edge.name in DISPLAY and not self.have_one_owner(whole, part):
            fate = Fate.DELETED if self.to_private else self.going[whole]
            self.send(part, fate, unasked=True)
        else:
            super().meet_part(edge, whole, part)

    def takes_contents(self, container: Key, content: Key) -> bool:
        """What the container's owner has put there, or the caller may delete, or an owner moves."""
        if self.have_one_owner(container, content):
            return True
        held, holder = self.flags(self.graph[content]), self.flags(self.graph[container])
        return not self.to_private and (held.can_delete or holder.can_chgrp)

    def takes_annotation(self, link: Link) -> bool:
        """Files and tags only of the same owner."""
        if not self.book.is_a(self.graph[link.child].found.name, *rules.OWN_ANNOTATIONS):
            return True
        may = self.flags(self.graph[link.child]).can_delete or self.flags(self.graph[link.parent]).can_chgrp
        return may and self.have_one_owner(link.parent, link.child)

    def is_kept(self, key: Key) -> bool:
        """A file or tag that somebody else's object bears stays."""
        if not self.book.is_a(self.graph[key].found.name, *rules.OWN_ANNOTATIONS):
            return False
        return any(not self.have_one_owner(bearer, key) for bearer in self.bearers(key))

    def fate_of_last(self, key: Key) -> tuple[Fate, bool] | None:
        """Annotations and regions of others are moved or deleted, the rest is moved."""
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
        """A link between what moves moves, any other one goes; so do settings without their device."""
        for link in list(self.links.values()):
            ends = (self.fate_of(link.parent), self.fate_of(link.child))
            if ends == (Fate.MOVED, Fate.MOVED) and self._may_keep(link):
                self.send(link.key, Fate.MOVED, unasked=True)
            elif ends != (None, None) and link.key.root not in ("FilesetJobLink", "JobOriginalFileLink"):
                self.send(link.key, Fate.DELETED, unasked=True)
        for _, settings in self.graph.ends("Image.objectiveSettings", self.moved("Image")):
            self.send(settings, Fate.DELETED)

    def _may_keep(self, link: Link) -> bool:
        is_mixed = not self.have_one_owner(link.parent, link.child)
        return not (self.to_private and is_mixed and link.key.root in rules.CONTENTS)

    def violations(self) -> Iterator[str]:
        """Give what is wrong with the plan."""
        yield from super().violations()
        yield from self._tags_in_use()
        if self.to_private:
            for image, user in self.graph.users("WellSample.image", self.moved("Image")):
                if not self.have_one_owner(image, user):
                    text = "may not move {} to private group while it is used by differently owned {}"
                    yield self.say(text, image, user)

    def _tags_in_use(self) -> Iterator[str]:
        for link in self.links.values():
            is_tag = self.graph[link.child].found.name == "TagAnnotation"
            is_left = is_tag and self.fate_of(link.child) is Fate.MOVED and link.parent not in self.going
            if is_left and not self.flags(self.graph[link.parent]).can_delete:
                yield self.say("may not move {} while used by {}", link.child, link.parent)
