"""The rules of gifts to another owner (blitz-chown-rules.xml of omero-blitz)."""

from __future__ import annotations

from collections.abc import Iterator

from omero_desk.server.access.permissions import to_text
from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.graph import Key, Link
from omero_desk.server.commands.rules.moving import DISPLAY, MovePlanner
from omero_desk.server.commands.rules.planner import Fate


class ChownPlanner(MovePlanner):
    """Plans a gift to another owner; the group's permissions decide what goes along."""

    verb = "give"

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """Leave others their rendering settings and thumbnails, except in a private group, where they go along."""
        if edge.name not in DISPLAY or self.is_private(part):
            super().meet_part(edge, whole, part)

    def is_private(self, key: Key) -> bool:
        """Return whether an object is in a private group: members do not see each other's data ("rw----")."""
        return self._group_text(key)[2] == "-"

    def is_read_only(self, key: Key) -> bool:
        """Return whether members of an object's group may not annotate each other's data ("rw----" and "rwr---")."""
        return self._group_text(key)[3] == "-"

    def is_writable(self, key: Key) -> bool:
        """Return whether members of an object's group may change each other's data ("rwrw--")."""
        return self._group_text(key)[3] == "w"

    def _group_text(self, key: Key) -> str:
        from_group = self.graph[key].group_id
        return to_text(self._rights.group_permissions(-1 if from_group is None else from_group))

    def takes_contents(self, container: Key, content: Key) -> bool:
        """Return whether a content goes along: one of the container's owner does."""
        return self.have_one_owner(container, content)

    def takes_annotation(self, link: Link) -> bool:
        """Return whether an annotation may go along: not where members may annotate each other's data."""
        if not self.is_read_only(link.child):
            return False
        if not self.book.is_a(self.graph[link.child].found.name, *rules.OWN_ANNOTATIONS):
            return True
        return self.have_one_owner(link.parent, link.child) and self.flags(self.graph[link.child]).can_chown

    def may_consider(self, edge: rules.Edge | None, user: Key, shared: Key) -> bool:
        """Return whether a shared object may go along; ROIs, experiments and statistics of others stay theirs."""
        if edge is not None and edge.name in ("Image.rois", "Image.experiment", "Channel.statsInfo"):
            is_own = self.have_one_owner(user, shared)
            return is_own and (edge.name != "Image.rois" or self.is_read_only(shared))
        return super().may_consider(edge, user, shared)

    def fate_of_last(self, key: Key) -> tuple[Fate, bool] | None:
        """Give an object, but not an annotation of others, which stays theirs or is deleted in a private group."""
        if key.root != "Annotation":
            return Fate.MOVED, False
        if any(self.have_one_owner(bearer, key) for bearer in self.bearers(key)):
            return Fate.MOVED, False
        return (Fate.DELETED, False) if self.is_private(key) else None

    def settle_links(self) -> None:
        """Give the links of the former owner along; delete those that the group's members could not have made."""
        for link in list(self.links.values()):
            ends = (self.fate_of(link.parent), self.fate_of(link.child))
            if ends == (Fate.MOVED, Fate.MOVED):
                self._give_link(link)
            elif ends != (None, None) and self._must_break(link):
                self.send(link.key, Fate.DELETED, unasked=True)

    def _give_link(self, link: Link) -> None:
        is_of_end = any(self.have_one_owner(link.key, end) for end in (link.parent, link.child))
        if is_of_end or link.key.root in ("PixelsOriginalFileMap", "JobOriginalFileLink", "WellReagentLink"):
            self.send(link.key, Fate.MOVED)

    def _must_break(self, link: Link) -> bool:
        if link.key.root in rules.CONTENTS:
            return not self.is_writable(link.key)
        return self.is_private(link.key) and link.key.root not in ("FilesetJobLink", "JobOriginalFileLink")

    def violations(self) -> Iterator[str]:
        """Yield refusals for objects that the plan separates; those of pairs only in a private group."""
        yield from self.torn_filesets()
        yield from self.torn_files()
        if any(self.graph[key].group_id is not None and self.is_private(key) for key in self.going):
            yield from self.torn_pairs()
