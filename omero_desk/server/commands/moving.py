"""What goes along when objects change their group or their owner, and what is left behind or lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from omero_desk.server.access.permissions import to_text
from omero_desk.server.commands import rules
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.graph import Key, Link
from omero_desk.server.commands.planner import Fate, Planner

_DISPLAY: Final = rules.read("Pixels: settings thumbnails")
_DISPLAY_NAMES: Final = frozenset(edge.name for edge in _DISPLAY)
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
        yield from self._torn_filesets()
        yield from self._torn_files()
        yield from self._torn_pairs()

    def _torn_filesets(self) -> Iterator[str]:
        for image, fileset in self.graph.ends("Image.fileset", self.moved("Image")):
            if fileset not in self.going:
                for _, other in self.graph.ends("Fileset.images", [fileset]):
                    if other not in self.going:
                        text = f"within {{}} may not {self.verb} {{}} while {{}} remains"
                        yield self._say(text, fileset, image, other)

    def _torn_files(self) -> Iterator[str]:
        for key in sorted(self._considered):
            if key.root == "OriginalFile" and key not in self.going:
                yield self._say(f"cannot {self.verb} {{}} while objects using it remain", key)
        for file, user in self.graph.users("FileAnnotation.file", self.moved("OriginalFile")):
            if self.fate_of(user) is not Fate.MOVED:
                yield self._say(f"may not {self.verb} {{}} while used by {{}}", file, user)
        for user, file in self.graph.ends("FileAnnotation.file", self.moved("Annotation")):
            if file not in self.going:
                yield self._say(f"may not {self.verb} {{}} without {{}}", user, file)

    def _torn_pairs(self) -> Iterator[str]:
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
                yield self._say(f"{may_not} {self.verb} {{}} while {{}} remains", user, used)
        if both_ways:
            for used, user in self.graph.users(edge, self.moved(self.book.target_root(edge))):
                if user not in self.going:
                    yield self._say(f"{may_not} {self.verb} {{}} while {{}} remains", used, user)

    def _torn_shares(self, edge: str) -> Iterator[str]:
        source = edge.partition(".")[0]
        for user, shared in self.graph.ends(edge, self._of(edge, source, self.moved(source))):
            for _, other in self.graph.users(edge, [shared]):
                if other not in self.going:
                    text = f"may not {self.verb} {{}} while {{}} remains as they share {{}}"
                    yield self._say(text, user, other, shared)

    def moved(self, root: str) -> list[Key]:
        """Return the objects of a root class that move."""
        return [key for key, fate in self.going.items() if key.root == root and fate is Fate.MOVED]

    def _say(self, text: str, *keys: Key) -> str:
        return text.format(*(self.graph[key] for key in keys))


class ChgrpPlanner(MovePlanner):
    """OMERO's blitz-chgrp-rules; `to_private` says that the members of the other group do not see each other's data."""

    to_private = False

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """How others look at an image goes along, but not into a private group."""
        if edge.name in _DISPLAY_NAMES and not self.have_one_owner(whole, part):
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
                    yield self._say(text, image, user)

    def _tags_in_use(self) -> Iterator[str]:
        for link in self.links.values():
            is_tag = self.graph[link.child].found.name == "TagAnnotation"
            is_left = is_tag and self.fate_of(link.child) is Fate.MOVED and link.parent not in self.going
            if is_left and not self.flags(self.graph[link.parent]).can_delete:
                yield self._say("may not move {} while used by {}", link.child, link.parent)


class ChownPlanner(MovePlanner):
    """OMERO's blitz-chown-rules: what they give along depends on what the group lets its members do."""

    verb = "give"

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """How others look at an image is theirs, where others can look at it."""
        if edge.name not in _DISPLAY_NAMES or self.is_private(part):
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
        yield from self._torn_filesets()
        yield from self._torn_files()
        if any(self.graph[key].group_id is not None and self.is_private(key) for key in self.going):
            yield from self._torn_pairs()
