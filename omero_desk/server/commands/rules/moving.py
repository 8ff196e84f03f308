"""The rules that moves to another group and to another owner have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Final

from omero_desk.server.access.rights import Rights
from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.graph import Key, Link, StoredGraph
from omero_desk.server.commands.rules.options import ChildOptions
from omero_desk.server.commands.rules.planner import Fate, Planner

_DISPLAY: Final = rules.read("Pixels: settings thumbnails")
DISPLAY: Final = frozenset(edge.name for edge in _DISPLAY)
"""Properties for how users look at images; each kind of move has rules of its own for them."""

_SPLITS: Final = (
    "Image.imagingEnvironment",
    "Image.instrument",
    "Image.stageLabel",
    "Image.experiment",
    "Shape.transform",
    "Channel.statsInfo",
)
"""Properties whose objects may not be shared between objects that move and objects that stay."""


class MovePlanner(Planner):
    """Plans a move. Objects that cannot go along are deleted by rules of the subclasses."""

    fate = Fate.MOVED
    own_parts = _DISPLAY
    verb = "move"

    def __init__(self, graph: StoredGraph, rights: Rights, options: ChildOptions, check: Callable[[], None]) -> None:
        super().__init__(graph, rights, options, check)
        self._links_to: dict[Key, list[Link]] = {}

    def meet_follower(self, edge: rules.Edge, target: Key, follower: Key) -> None:
        """Let settings go with their device; a file annotation must not stay, which `torn_files` checks."""
        if edge.name != "FileAnnotation.file":
            super().meet_follower(edge, target, follower)

    def may_consider(self, edge: rules.Edge | None, user: Key, shared: Key) -> bool:
        """Return whether a shared object may go along; contents of folders have rules of their own."""
        if self.going[user] is Fate.DELETED:
            return super().may_consider(edge, user, shared)
        return edge is None or edge.name != "Folder.childFolders" or self.takes_contents(user, shared)

    def meet_link(self, link: Link) -> None:
        """Consider contents and annotations of an object that goes, and the parent of a link that holds it."""
        self._links_to.setdefault(link.child, []).append(link)
        if link.parent in self.going:
            if self._takes_child(link):
                self.consider(link.child)
        elif link.key.root in rules.HOLDS_PARENT and link.child in self.going:
            self.consider(link.parent)

    def _takes_child(self, link: Link) -> bool:
        name = link.key.root
        if name in self.book.annotation_links:
            return self.takes_annotation(link)
        if name in rules.CONTENTS:
            return self.takes_contents(link.parent, link.child)
        if name == "JobOriginalFileLink":
            is_for_files = self.graph[link.parent].found.name in rules.JOBS_OF_FILES
            return is_for_files and self.have_one_owner(link.parent, link.child)
        return name == "WellReagentLink"

    @abstractmethod
    def takes_contents(self, container: Key, content: Key) -> bool:
        """Return whether the content of a container that goes may go along."""
        raise NotImplementedError

    @abstractmethod
    def takes_annotation(self, link: Link) -> bool:
        """Return whether the annotation of an object that goes may go along."""
        raise NotImplementedError

    def have_one_owner(self, first: Key, second: Key) -> bool:
        """Return whether two objects have the same owner."""
        return self.graph[first].owner_id == self.graph[second].owner_id

    def fate_of(self, key: Key) -> Fate | None:
        """Return the fate of an object; None if it stays."""
        return self.going.get(key)

    def bearers(self, annotation: Key) -> list[Key]:
        """Return the objects that go and are annotated with an annotation."""
        return [link.parent for link in self._links_to.get(annotation, ()) if link.parent in self.going]

    def violations(self) -> Iterator[str]:
        """Yield refusals for objects that belong together and that the plan separates."""
        yield from super().violations()
        yield from self.torn_files()
        yield from self.torn_pairs()

    def torn_files(self) -> Iterator[str]:
        """Yield a refusal for each file that goes without an object that uses it, or stays without it."""
        for key in sorted(self._considered):
            if key.root == "OriginalFile" and key not in self.going:
                yield self.say(f"cannot {self.verb} {{}} while objects using it remain", key)
        for file, user in self.graph.users("FileAnnotation.file", self.sent("OriginalFile")):
            if self.fate_of(user) is not Fate.MOVED:
                yield self.say(f"may not {self.verb} {{}} while used by {{}}", file, user)
        for user, file in self.graph.ends("FileAnnotation.file", self.sent("Annotation")):
            if file not in self.going:
                yield self.say(f"may not {self.verb} {{}} without {{}}", user, file)

    def torn_pairs(self) -> Iterator[str]:
        """Yield a refusal for each object that goes while its whole, or another user of what it shares, stays."""
        yield from self.torn("WellSample.image", "may not")
        yield from self.torn_users("WellSample.image")
        yield from self.torn("Roi.image", "cannot")
        yield from self.torn("Channel.logicalChannel", "cannot")
        for edge in _SPLITS:
            yield from self._torn_shares(edge)

    def torn(self, edge: str, may_not: str) -> Iterator[str]:
        """Yield a refusal for each object that goes without the one that its property `edge` refers to."""
        for user, used in self.graph.ends(edge, self.sent(self.book.root(edge.partition(".")[0]))):
            if used not in self.going:
                yield self.say(f"{may_not} {self.verb} {{}} while {{}} remains", user, used)

    def _torn_shares(self, edge: str) -> Iterator[str]:
        source = edge.partition(".")[0]
        ends = self.graph.ends(edge, self._of(edge, source, self.sent(source)))
        others = self.graph.users(edge, sorted({shared for _, shared in ends}))
        staying = {shared: other for shared, other in others if other not in self.going}
        for user, shared in ends:
            if shared in staying:
                text = f"may not {self.verb} {{}} while {{}} remains as they share {{}}"
                yield self.say(text, user, staying[shared], shared)
