"""What goes along when objects change their owner (blitz-chown-rules)."""

from __future__ import annotations

from collections.abc import Iterator

from omero_desk.server.access.permissions import to_text
from omero_desk.server.commands import rules
from omero_desk.server.commands.graph import Key, Link
from omero_desk.server.commands.moving import DISPLAY, MovePlanner
from omero_desk.server.commands.planner import Fate


class ChownPlanner(MovePlanner):
    """OMERO's blitz-chown-rules: what they give along depends on what the group lets its members do."""

    verb = "give"

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """How others look at an image is theirs, where others can look at it."""
        if edge.name not in DISPLAY or self.is_private(part):
            super().meet_part(edge, whole, part)

    def is_private(self, key: Key) -> bool:
        """Whether members of an object's group do not see each other's data."""
        return self._group_text(key)[2] == "-"

    def is_read_only(self, key: Key) -> bool:
        """Whether members of an object's group cannot annotate each other's data."""
        return self._group_text(key)[3] == "-"

    def is_writable(self, key: Key) -> bool:
        """Whether members of an object's group may change each other's data."""
        return self._group_text(key)[3] == "w"

    def _group_text(self, key: Key) -> str:
        from_group = self.graph[key].group_id
        return to_text(self._rights.group_permissions(-1 if from_group is None else from_group))

    def takes_contents(self, container: Key, content: Key) -> bool:
        """What the container's owner has put there."""
        return self.have_one_owner(container, content)

    def takes_annotation(self, link: Link) -> bool:
        """Where members can annotate, an annotation stays its author's."""
        if not self.is_read_only(link.child):
            return False
        if not self.book.is_a(self.graph[link.child].found.name, *rules.OWN_ANNOTATIONS):
            return True
        return self.have_one_owner(link.parent, link.child) and self.flags(self.graph[link.child]).can_chown

    def may_consider(self, edge: rules.Edge | None, user: Key, shared: Key) -> bool:
        """Regions and experiments of others stay theirs."""
        if edge is not None and edge.name in ("Image.rois", "Image.experiment", "Channel.statsInfo"):
            is_own = self.have_one_owner(user, shared)
            return is_own and (edge.name != "Image.rois" or self.is_read_only(shared))
        return super().may_consider(edge, user, shared)

    def fate_of_last(self, key: Key) -> tuple[Fate, bool] | None:
        """What is another one's stays so, except annotations in a private group, which are deleted."""
        if key.root != "Annotation":
            return Fate.MOVED, False
        if any(self.have_one_owner(bearer, key) for bearer in self.bearers(key)):
            return Fate.MOVED, False
        return (Fate.DELETED, False) if self.is_private(key) else None

    def settle_links(self) -> None:
        """Links of the former owner go along; those that members could not have made are deleted."""
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
        """Give what is wrong with the plan: most only where members do not see each other's data."""
        yield from self.torn_filesets()
        yield from self.torn_files()
        if any(self.graph[key].group_id is not None and self.is_private(key) for key in self.going):
            yield from self.torn_pairs()
