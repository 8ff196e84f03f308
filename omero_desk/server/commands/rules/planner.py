"""The plan of a command: what becomes of its targets and of the objects that go with them, by OMERO's graph rules.

An object that goes, because it is deleted or moved, takes its parts along. An object that it shares with others is only
considered: it goes once all objects that hold it go. So the plan is made in turns of spreading from the objects that
newly go and of settling those that are considered, as in OMERO's GraphTraversal.planOperation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import ClassVar

from omero_desk.server.access.rights import Flags, Rights
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.graph import Key, Link, StoredGraph, Thing, keys_by_root
from omero_desk.server.commands.rules.options import ChildOptions, is_any
from omero_desk.server.database.model import ModelClass


class Fate(Enum):
    """The fates that an object which goes can have."""

    DELETED = "deleted"
    MOVED = "moved"


class Planner:
    """Makes the plan of a command; subclasses have the rules of one kind of command.

    `going` is the plan: the fates of all objects that go. `unasked` are those of them that go whatever the caller is
    permitted to do with them, `links` the links that were met, `ignored` classes whose objects never go. `fate` is
    that of the targets and `verb` the word for it in refusals. `own_parts` are parts beside `rules.PARTS`.
    """

    fate: ClassVar[Fate]
    verb: ClassVar[str]
    own_parts: ClassVar[tuple[rules.Edge, ...]] = ()

    def __init__(self, graph: StoredGraph, rights: Rights, options: ChildOptions, check: Callable[[], None]) -> None:
        self.graph = graph
        self.book = rules.RuleBook(graph.schema.model)
        self.going: dict[Key, Fate] = {}
        self.unasked: set[Key] = set()
        self.links: dict[Key, Link] = {}
        self._rights = rights
        self._options = options
        self._check = check
        self._wave: list[Key] = []
        self._considered: set[Key] = set()
        self._stop_before: Callable[[Thing], bool] | None = None
        self.ignored: list[ModelClass | str] = []

    def plan(self, targets: Iterable[Key], stop_before: Callable[[Thing], bool] | None = None) -> None:
        """Plan what becomes of targets and of what goes with them, without what goes with objects for `stop_before`."""
        self._stop_before = stop_before
        for key in targets:
            self.send(key, self.fate)
        while self._wave or self._settle():
            self._spread()
        self.settle_links()

    def check_violations(self) -> None:
        """Raise GraphError if the plan separates objects that belong together."""
        for text in self.violations():
            raise GraphError(text)

    def flags(self, thing: Thing) -> Flags:
        """Return what the caller is permitted to do with an object."""
        return self._rights.flags(thing.found, thing.group_id, thing.owner_id, is_directory=thing.is_directory)

    def send(self, key: Key, fate: Fate, *, unasked: bool = False) -> None:
        """Let an object go, unless it goes already, was not found or is ignored."""
        if key in self.going or not self.graph.knows(key) or self._is_ignored(key):
            return
        self.going[key] = fate
        if unasked:
            self.unasked.add(key)
        self._wave.append(key)

    def _is_ignored(self, key: Key) -> bool:
        return bool(self.ignored) and is_any(self.graph.schema.model, self.graph[key], self.ignored)

    def consider(self, key: Key, *, unasked: bool = False) -> None:
        """Let an object go as soon as no object that stays holds it."""
        if key not in self.going:
            self._considered.add(key)
            if unasked:
                self.unasked.add(key)

    def is_going(self, key: Key) -> bool:
        """Return whether an object goes."""
        return key in self.going

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """Decide about a part of an object that goes: it shares the fate of the whole."""
        unasked = edge.unasked or whole in self.unasked
        self.send(part, self.going[whole], unasked=unasked)

    def may_consider(self, edge: rules.Edge | None, user: Key, shared: Key) -> bool:
        """Return whether a shared object may go with a user of it; `edge` is None for one that a link leads to."""
        return edge is None or not edge.if_deletable or self.flags(self.graph[shared]).can_delete

    def meet_link(self, link: Link) -> None:
        """Decide about the ends of a link that goes, or one end of which goes."""

    def fate_of_last(self, key: Key) -> tuple[Fate, bool] | None:
        """Return the fate of a considered object that nothing holds any more, and whether unasked; None if it stays."""
        return self.fate, key in self.unasked

    def settle_links(self) -> None:
        """Decide about the links that were met, after all other objects."""

    def violations(self) -> Iterator[str]:
        """Yield refusals for objects that belong together and that the plan separates."""
        yield from self.torn_filesets()

    def torn_filesets(self) -> Iterator[str]:
        """Yield a refusal for each image that goes without another image of its fileset."""
        text = f"within {{}} may not {self.verb} {{}} while {{}} remains"
        for image, fileset in self.graph.ends("Image.fileset", self.sent("Image")):
            if fileset not in self.going:
                for _, other in self.graph.ends("Fileset.images", [fileset]):
                    if other not in self.going:
                        yield self.say(text, fileset, image, other)

    def torn_users(self, edge: str) -> Iterator[str]:
        """Yield a refusal for each object that goes without another that refers to it by the property `edge`."""
        for used, user in self.graph.users(edge, self.sent(self.graph.target_root(edge))):
            if user not in self.going:
                yield self.say(f"may not {self.verb} {{}} while {{}} remains", used, user)

    def sent(self, root: str) -> list[Key]:
        """Return the objects of a root class whose fate is that of the targets."""
        return [key for key, fate in self.going.items() if key.root == root and fate is self.fate]

    def say(self, text: str, *keys: Key) -> str:
        """Return a text with the names of objects in the places of its `{}`."""
        return text.format(*(self.graph[key] for key in keys))

    def _spread(self) -> None:
        """Decide about the neighbours of the objects that newly go."""
        self._check()
        wave, self._wave = self._wave, []
        if self._stop_before is not None:
            wave = [key for key in wave if not self._stop_before(self.graph[key])]
        for root, keys in keys_by_root(wave).items():
            self._spread_parts(root, keys)
            self._spread_followers(root, keys)
            self._spread_shared(root, keys)
            self._spread_links(root, keys)

    def _of(self, edge: str, root: str, keys: Iterable[Key]) -> list[Key]:
        """Return those of some objects of one root class whose own class has the property `edge`."""
        source = edge.partition(".")[0]
        if self.book.root(source) != root:
            return []
        return [key for key in keys if self.book.is_a(self.graph[key].found.name, source)]

    def _spread_parts(self, root: str, keys: list[Key]) -> None:
        for edge in (*rules.PARTS, *self.own_parts):
            for whole, part in self.graph.ends(edge.name, self._of(edge.name, root, keys)):
                self.meet_part(edge, whole, part)

    def _spread_followers(self, root: str, keys: list[Key]) -> None:
        for edge in rules.FOLLOWERS:
            if self.graph.target_root(edge.name) == root:
                for target, follower in self.graph.users(edge.name, keys):
                    self.meet_follower(edge, target, follower)

    def meet_follower(self, edge: rules.Edge, target: Key, follower: Key) -> None:
        """Decide about an object that refers to one that goes, and is nothing without it: it shares the fate."""
        self.send(follower, self.going[target], unasked=edge.unasked)

    def _spread_shared(self, root: str, keys: list[Key]) -> None:
        for edge in rules.SHARED:
            for user, shared in self.graph.ends(edge.name, self._of(edge.name, root, keys)):
                if self.may_consider(edge, user, shared):
                    self.consider(shared, unasked=edge.unasked)
        for first, *others in rules.LEADS:
            found = dict(self.graph.ends(first, self._of(first, root, keys)))
            for edge_name in others:
                found = dict(self.graph.ends(edge_name, list(found.values())))
            for lead in found.values():
                if lead.root == "Instrument" or self.flags(self.graph[lead]).can_delete:
                    self.consider(lead)

    def _spread_links(self, root: str, keys: list[Key]) -> None:
        met: list[Link] = []
        for name in self.book.all_link_classes:
            if self.graph.target_root(name + ".parent") == root:
                met.extend(self.graph.links(name, keys, of_parents=True))
            if self.graph.target_root(name + ".child") == root:
                met.extend(self.graph.links(name, keys, of_parents=False))
            if name == root:
                parents = dict(self.graph.ends(name + ".parent", keys))
                children = dict(self.graph.ends(name + ".child", keys))
                met.extend(Link(key, parents[key], children[key]) for key in keys)
        self.links.update((link.key, link) for link in met)
        for link in met:
            self.meet_link(link)

    def _settle(self) -> bool:
        """Let considered objects go that nothing holds any more; return whether there were any."""
        pending = self._bind({key for key in self._considered if key not in self.going})
        verdicts = {key: self._options.verdict(self.graph[key]) for key in pending}
        forced = {key for key in pending if verdicts[key] and self.may_force(self.graph[key])}
        held = {key for key in pending if verdicts[key] is False}
        holders = self._holders(pending - forced)
        while more := {key for key in pending - held - forced if self._is_held(holders[key], pending, held)}:
            held |= more
        fates = {key: self.fate_of_last(key) for key in sorted(pending - held)}
        for key, fate in fates.items():
            if fate is not None:
                self.send(key, fate[0], unasked=fate[1])
        return bool(self._wave)

    def may_force(self, thing: Thing) -> bool:
        """Return whether a child option to include an object's class applies to the object."""
        return self.flags(thing).can_delete

    def _bind(self, pending: set[Key]) -> set[Key]:
        """Return considered objects with those that `rules.BOUND` binds them to, which are considered too."""
        for edge in rules.BOUND:
            root = self.book.root(edge.partition(".")[0])
            for _, bond in self.graph.ends(edge, self._of(edge, root, (key for key in pending if key.root == root))):
                self.consider(bond)
                if bond not in self.going:
                    pending.add(bond)
        return pending

    def _is_held(self, holders: set[Key], pending: set[Key], held: set[Key]) -> bool:
        return any(key not in self.going and (key not in pending or key in held) for key in holders)

    def _holders(self, pending: set[Key]) -> dict[Key, set[Key]]:
        """Return the objects that hold each of the considered ones."""
        found: dict[Key, set[Key]] = {key: set() for key in pending}
        for root, keys in keys_by_root(pending).items():
            self._add_users(root, keys, found)
            self._add_link_holders(root, keys, found)
        return found

    def _add_users(self, root: str, keys: list[Key], found: dict[Key, set[Key]]) -> None:
        for edge in rules.SHARED:
            if self.graph.target_root(edge.name) == root:
                for shared, user in self.graph.users(edge.name, keys):
                    found[shared].add(user)
        for name in rules.BOUND:
            for key, bond in self.graph.ends(name, self._of(name, root, keys)):
                found[key].add(bond)

    def _add_link_holders(self, root: str, keys: list[Key], found: dict[Key, set[Key]]) -> None:
        """Add the parents of children by links that stay, or their children where a link holds its parent."""
        for name in self.book.link_classes:
            if name in rules.HOLDS_PARENT:
                if self.graph.target_root(name + ".parent") == root:
                    for link in self.graph.links(name, keys, of_parents=True):
                        if link.key not in self.going:
                            found[link.parent].add(link.child)
            elif self.graph.target_root(name + ".child") == root:
                for link in self.graph.links(name, keys, of_parents=False):
                    if link.key not in self.going:
                        found[link.child].add(link.parent)


def refuse_unless_permitted(things: Iterable[Thing], what: str, permits: Callable[[Thing], bool]) -> None:
    """Raise GraphError that begins with `what` and names the objects that `permits` is false for, if there are any."""
    refused = sorted(thing.java_text for thing in things if not permits(thing))
    if refused:
        raise GraphError(f"{what} {', '.join(refused)}")
