"""What goes along when objects change their group or their owner, and what is left behind or lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from omero_desk.server.commands import rules
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.graph import Key, Link
from omero_desk.server.commands.planner import Fate, Planner

_DISPLAY: Final = rules.read("Pixels: settings thumbnails")
DISPLAY: Final = frozenset(edge.name for edge in _DISPLAY)
"""How people look at an image: of the rules for it each move has its own."""

_SPLITS: Final = (
    "Image.imagingEnvironment",
    "Image.instrument",
    "Image.stageLabel",
    "Image.experiment",
    "Shape.transform",
    "Channel.statsInfo",
)
"""What images, shapes and channels must not share across groups."""


class MovePlanner(Planner):
    """What both moves have in common; `verb` is what OMERO's refusals call it."""

    fate = Fate.MOVED
    own_parts = _DISPLAY
    verb = "move"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._links_to: dict[Key, list[Link]] = {}

    def meet_follower(self, edge: rules.Edge, target: Key, follower: Key) -> None:
        """Settings go with the device; a file annotation is asked about at the end."""
        if edge.name != "FileAnnotation.file":
            super().meet_follower(edge, target, follower)

    def may_consider(self, edge: rules.Edge | None, user: Key, shared: Key) -> bool:
        """Contents go along by rules of their own, everything else that is shared might."""
        if self.going[user] is Fate.DELETED:
            return super().may_consider(edge, user, shared)
        return edge is None or edge.name != "Folder.childFolders" or self.takes_contents(user, shared)

    def heed_link(self, link: Link) -> None:
        """Contents and annotations of what goes might go."""
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

    def takes_contents(self, container: Key, content: Key) -> bool:
        """Whether what a container holds might go along."""
        raise NotImplementedError

    def takes_annotation(self, link: Link) -> bool:
        """Whether the annotation of something that goes might go."""
        raise NotImplementedError

    def have_one_owner(self, first: Key, second: Key) -> bool:
        """Whether two objects have the same owner."""
        return self.graph[first].owner_id == self.graph[second].owner_id

    def fate_of(self, key: Key) -> Fate | None:
        """Return what becomes of an object, None if it stays."""
        return self.going.get(key)

    def bearers(self, annotation: Key) -> list[Key]:
        """Return what goes and bears an annotation."""
        return [link.parent for link in self._links_to.get(annotation, ()) if link.parent in self.going]

    def check_violations(self) -> None:
        """Raise GraphError as OMERO does where what belongs together would be torn apart."""
        for text in self.violations():
            raise GraphError(text)

    def violations(self) -> Iterator[str]:
        """Give what is wrong with the plan."""
        yield from self.torn_filesets()
        yield from self.torn_files()
        yield from self.torn_pairs()

    def torn_filesets(self) -> Iterator[str]:
        """Give the filesets of which only some images go."""
        for image, fileset in self.graph.ends("Image.fileset", self.moved("Image")):
            if fileset not in self.going:
                for _, other in self.graph.ends("Fileset.images", [fileset]):
                    if other not in self.going:
                        text = f"within {{}} may not {self.verb} {{}} while {{}} remains"
                        yield self.say(text, fileset, image, other)

    def torn_files(self) -> Iterator[str]:
        """Give the files that go without what uses them, or stay without it."""
        for key in sorted(self._considered):
            if key.root == "OriginalFile" and key not in self.going:
                yield self.say(f"cannot {self.verb} {{}} while objects using it remain", key)
        for file, user in self.graph.users("FileAnnotation.file", self.moved("OriginalFile")):
            if self.fate_of(user) is not Fate.MOVED:
                yield self.say(f"may not {self.verb} {{}} while used by {{}}", file, user)
        for user, file in self.graph.ends("FileAnnotation.file", self.moved("Annotation")):
            if file not in self.going:
                yield self.say(f"may not {self.verb} {{}} without {{}}", user, file)

    def torn_pairs(self) -> Iterator[str]:
        """A part that goes while the whole, or another user of what is shared, stays."""
        yield from self.torn("WellSample.image", "may not", both_ways=True)
        yield from self.torn("Roi.image", "cannot")
        yield from self.torn("Channel.logicalChannel", "cannot")
        for edge in _SPLITS:
            yield from self._torn_shares(edge)

    def torn(self, edge: str, may_not: str, *, both_ways: bool = False) -> Iterator[str]:
        """Give the pairs of which only one goes."""
        root = self.book.root(edge.partition(".")[0])
        for user, used in self.graph.ends(edge, self.moved(root)):
            if used not in self.going:
                yield self.say(f"{may_not} {self.verb} {{}} while {{}} remains", user, used)
        if both_ways:
            for used, user in self.graph.users(edge, self.moved(self.book.target_root(edge))):
                if user not in self.going:
                    yield self.say(f"{may_not} {self.verb} {{}} while {{}} remains", used, user)

    def _torn_shares(self, edge: str) -> Iterator[str]:
        source = edge.partition(".")[0]
        ends = self.graph.ends(edge, self._of(edge, source, self.moved(source)))
        others = self.graph.users(edge, sorted({shared for _, shared in ends}))
        staying = {shared: other for shared, other in others if other not in self.going}
        for user, shared in ends:
            if shared in staying:
                text = f"may not {self.verb} {{}} while {{}} remains as they share {{}}"
                yield self.say(text, user, staying[shared], shared)

    def moved(self, root: str) -> list[Key]:
        """Return the objects of a root class that move."""
        return [key for key, fate in self.going.items() if key.root == root and fate is Fate.MOVED]

    def say(self, text: str, *keys: Key) -> str:
        """Return a text with the names of objects."""
        return text.format(*(self.graph[key] for key in keys))
