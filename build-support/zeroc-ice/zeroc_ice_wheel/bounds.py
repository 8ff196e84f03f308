"""The changes in patches/bounds.patch, which bound what a peer's message costs and mend five faults that it could use.

Two properties of ours, which an unchanged Ice ignores: `OmeroDesk.ElementsMax`, the most elements that a message may
hold (numbers, texts, proxies, objects, members; some fifty bytes of Python each; bytes are free; no limit if it is not
set), and `OmeroDesk.CompressionRatioMax`, how many times its size a compressed message may grow to beyond a mebibyte
(100 if it is not set, 0 refuses all that are compressed). `Connection.setMessageSizeMax(BYTES)` sets for one connection
what Ice.MessageSizeMax sets for all. A request has at most 1,000 entries of context.

The faults: a negative size of an optional parameter was skipped for ever, products of sizes overflowed, objects within
what is left out of unknown objects were not counted as depth, lists were made as long as a message said they are, and
an argument that refers to an object that never comes was a null pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from zeroc_ice_wheel.replacing import Replacement

_PATCH: Final = Path(__file__).resolve().parent / "patches" / "bounds.patch"


def replacements_of(patch: Sequence[str]) -> Iterator[Replacement]:
    """Yield the replacement that each hunk of a unified diff is; the lines that stay are part of it."""
    file, old, new = "", "", ""
    for line in (*patch, "@@"):
        if line.startswith(("--- ", "+++ ", "@@")) and old:
            yield Replacement(file, old, new)
            old = new = ""
        if line.startswith("+++ b/"):
            file = line.removeprefix("+++ b/").strip()
        elif not line.startswith(("--- ", "@@")):
            old += "" if line.startswith("+") else line[1:]
            new += "" if line.startswith("-") else line[1:]


BOUNDS: Final = tuple(replacements_of(_PATCH.read_text(encoding="utf-8").splitlines(keepends=True)))
