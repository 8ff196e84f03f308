"""What loaded collections of a saved graph lack of what there is, and lose by that (all-delete-orphan)."""

from __future__ import annotations

from collections.abc import Mapping

import omero

from omero_desk.server.database.model import ModelClass, OmeroModel
from omero_desk.server.saving.graph import Graph
from omero_desk.server.saving.removal import Removal, owned_collections


def find_orphans(model: OmeroModel, graph: Graph, removal: Removal) -> list[tuple[ModelClass, set[int]]]:
    """Return the ids of what is to be deleted, by class, with the ids of all objects known.

    Raises omero.InternalException where that is saved at another place of the graph: Hibernate cannot do both.
    """
    found: dict[str, set[int]] = {}
    owned = {node.found.name: set(owned_collections(model, node.found)) for node in graph}
    for node in graph:
        if not node.is_new:
            for each, elements in graph.collections(node):
                if each in owned[node.found.name]:
                    kept = {graph.id_of(element) for element in elements}
                    found.setdefault(each.target, set()).update(removal.members(each, node.id) - kept)
    _check_not_saved(model, graph, found)
    return [(model[name], ids) for name, ids in found.items()]


def _check_not_saved(model: OmeroModel, graph: Graph, orphans: Mapping[str, set[int]]) -> None:
    gone = {(model[name].root, each) for name, ids in orphans.items() for each in ids}
    for node in graph:
        if (node.found.root, node.id) in gone:
            raise omero.InternalException(
                message="deleted object would be re-saved by cascade (remove deleted object from associations): "
                f"[{node.found.java_name}#{node.id}]"
            )
