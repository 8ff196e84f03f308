"""Which objects a command takes along: OMERO's graph rules as a walk over `rules`.

What goes takes its parts with it. What it shares with others might go too: it does so once all that holds it goes.
So the walk alternates between spreading from what goes and settling what might (GraphTraversal.planOperation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import ClassVar

from omero_desk.server.access.rights import Flags, Rights
from omero_desk.server.commands import rules
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.graph import Graph, Key, Link, Thing
from omero_desk.server.commands.options import ChildOptions, is_any
from omero_desk.server.database.model import ModelClass


class Fate(Enum):
    """What becomes of an object."""

    DELETED = "deleted"
    MOVED = "moved"


class Planner:
    """The walk; subclasses say what a command does to what it meets. `going` is the plan that results."""

    fate: ClassVar[Fate]
    own_parts: ClassVar[tuple[rules.Edge, ...]] = ()

    def __init__(self, graph: Graph, rights: Rights, options: ChildOptions, check: Callable[[], None]) -> None:
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
        """Plan from targets; nothing is asked further of those that `stop_before` names."""
        self._stop_before = stop_before
        for key in targets:
            self.send(key, self.fate)
        while self._wave or self._settle():
            self._spread()
        self.settle_links()

    def check_violations(self) -> None:
        """Raise GraphError where going would tear apart what belongs together."""

    def flags(self, thing: Thing) -> Flags:
        """Return what the caller may do with an object."""
        return self._rights.flags(thing.found, thing.group_id, thing.owner_id, is_directory=thing.is_directory)

    def send(self, key: Key, fate: Fate, *, unasked: bool = False) -> None:
        """Let an object go."""
        if key in self.going or not self.graph.knows(key) or self._is_ignored(key):
            return
        self.going[key] = fate
        if unasked:
            self.unasked.add(key)
        self._wave.append(key)

    def _is_ignored(self, key: Key) -> bool:
        return bool(self.ignored) and is_any(self.graph.schema.model, self.graph[key], self.ignored)

    def consider(self, key: Key, *, unasked: bool = False) -> None:
        """Let an object go once nothing that stays holds it."""
        if key not in self.going:
            self._considered.add(key)
            if unasked:
                self.unasked.add(key)

    def is_going(self, key: Key) -> bool:
        """Whether an object goes."""
        return key in self.going

    # What a command decides

    def meet_part(self, edge: rules.Edge, whole: Key, part: Key) -> None:
        """A part of something that goes."""
        unasked = edge.unasked or whole in self.unasked
        self.send(part, self.going[whole], unasked=unasked)

    def may_consider(self, edge: rules.Edge | None, user: Key, shared: Key) -> bool:
        """Whether something shared might go along with a user of it."""
        return edge is None or not edge.if_deletable or self.flags(self.graph[shared]).can_delete

    def heed_link(self, link: Link) -> None:
        """A link of which an end goes, or which goes itself."""

    def fate_of_last(self, key: Key) -> tuple[Fate, bool] | None:
        """What becomes of something that nothing holds any more, and whether unasked; None if it stays."""
        return self.fate, key in self.unasked

    def settle_links(self) -> None:
        """Decide of links, once it is known what goes."""

    # The walk

    def _spread(self) -> None:
        self._check()
        wave, self._wave = self._wave, []
        if self._stop_before is not None:
            wave = [key for key in wave if not self._stop_before(self.graph[key])]
        waves: dict[str, list[Key]] = {}
        for key in wave:
            waves.setdefault(key.root, []).append(key)
        for root, keys in waves.items():
            self._spread_parts(root, keys)
            self._spread_followers(root, keys)
            self._spread_shared(root, keys)
            self._spread_links(root, keys)

    def _of(self, edge: str, root: str, keys: Iterable[Key]) -> list[Key]:
        """Those of some objects of one root that have a property."""
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
            if self.book.target_root(edge.name) == root:
                for target, follower in self.graph.users(edge.name, keys):
                    self.meet_follower(edge, target, follower)

    def meet_follower(self, edge: rules.Edge, target: Key, follower: Key) -> None:
        """Something that points at what goes, and has no meaning without it."""
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
            if self.book.target_root(name + ".parent") == root:
                met.extend(self.graph.links(name, keys, of_parents=True))
            if self.book.target_root(name + ".child") == root:
                met.extend(self.graph.links(name, keys, of_parents=False))
            if name == root:
                parents = dict(self.graph.ends(name + ".parent", keys))
                children = dict(self.graph.ends(name + ".child", keys))
                met.extend(Link(key, parents[key], children[key]) for key in keys)
        self.links.update((link.key, link) for link in met)
        for link in met:
            self.heed_link(link)

    # What might go

    def _settle(self) -> bool:
        """Let go what nothing holds any more; whether there was something."""
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
        """Whether an option to take a kind of contents along counts for an object."""
        return self.flags(thing).can_delete

    def _bind(self, pending: set[Key]) -> set[Key]:
        for edge in rules.BOUND:
            keys = self._of(
                edge, edge.partition(".")[0], (key for key in pending if key.root == edge.partition(".")[0])
            )
            for _, bond in self.graph.ends(edge, keys):
                self.consider(bond)
                if bond not in self.going:
                    pending.add(bond)
        return pending

    def _is_held(self, holders: set[Key], pending: set[Key], held: set[Key]) -> bool:
        return any(key not in self.going and (key not in pending or key in held) for key in holders)

    def _holders(self, pending: set[Key]) -> dict[Key, set[Key]]:
        found: dict[Key, set[Key]] = {key: set() for key in pending}
        waves: dict[str, list[Key]] = {}
        for key in pending:
            waves.setdefault(key.root, []).append(key)
        for root, keys in waves.items():
            self._add_users(root, keys, found)
            self._add_link_holders(root, keys, found)
        return found

    def _add_users(self, root: str, keys: list[Key], found: dict[Key, set[Key]]) -> None:
        for edge in rules.SHARED:
            if self.book.target_root(edge.name) == root:
                for shared, user in self.graph.users(edge.name, keys):
                    found[shared].add(user)
        for name in rules.BOUND:
            for key, bond in self.graph.ends(name, self._of(name, root, keys)):
                found[key].add(bond)

    def _add_link_holders(self, root: str, keys: list[Key], found: dict[Key, set[Key]]) -> None:
        """A link that stays holds its child by its parent; a few hold their parent by their child."""
        for name in self.book.link_classes:
            if name in rules.HOLDS_PARENT:
                if self.book.target_root(name + ".parent") == root:
                    for link in self.graph.links(name, keys, of_parents=True):
                        if link.key not in self.going:
                            found[link.parent].add(link.child)
            elif self.book.target_root(name + ".child") == root:
                for link in self.graph.links(name, keys, of_parents=False):
                    if link.key not in self.going:
                        found[link.child].add(link.parent)


def refuse_unless_permitted(things: Iterable[Thing], what: str, permits: Callable[[Thing], bool]) -> None:
    """Raise GraphError that names the objects that the caller may not do something with."""
    refused = sorted(thing.java_text for thing in things if not permits(thing))
    if refused:
        raise GraphError(f"{what} {', '.join(refused)}")
