"""Links to objects: of the web, of OMERO's own kind, and their IDs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from omero_desk.entities.objects import Kind, Ref

_IN_WEB: Final = {
    Kind.PROJECT: "project",
    Kind.DATASET: "dataset",
    Kind.IMAGE: "image",
    Kind.SCREEN: "screen",
    Kind.PLATE: "plate",
    Kind.RUN: "run",
    Kind.WELL: "well",
}
"""What OMERO.web's `show` calls the kinds (omeroweb.webclient.show.Show)."""


def web_link(address: str, refs: Sequence[Ref]) -> str:
    """Return the link that opens objects in OMERO.web at an address, "" for kinds that it cannot show."""
    shown = [f"{_IN_WEB[ref.kind]}-{ref.id}" for ref in refs if ref.kind in _IN_WEB]
    return f"{address}/webclient/?show={'|'.join(shown)}" if address and len(shown) == len(refs) > 0 else ""


def omero_links(server: str, refs: Sequence[Ref]) -> str:
    """Return a link of OMERO's own for each object, a line each; `server` is the address of the account."""
    place = server.rpartition("://")[2].rstrip("/")
    return "\n".join(f"omero://{place}/{ref.kind}:{ref.id}" for ref in refs)
