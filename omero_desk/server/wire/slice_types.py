"""The types of OMERO's API, as the modules that Slice generated for omero-py state them.

IcePy's type objects are opaque at run time, so the text of the modules is read, but for those of the model.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.abc import InspectLoader
from typing import Final

import omero.all  # noqa: F401  loads every generated module

_OPERATION: Final = re.compile(r"\s+(\w+)\._op_\w+ = IcePy\.Operation\('(\w+)'")
_REPLY: Final = re.compile(r"(?:None|\(\(\), ([\w.]+), \w+, \d+\)), \([\w., ]*\)\)$")
_DEFINITION: Final = re.compile(r"\s+([\w.]+) = IcePy\.define(\w+)\('[\w:]+', ")
_SEQUENCE: Final = re.compile(r"\(\), ([\w.]+)\)")
_DICTIONARY: Final = re.compile(r"\(\), ([\w.]+), ([\w.]+)\)")
_PARENT: Final = re.compile(r"\w+, -1, \(\), \w+, \w+, (_M_[\w.]+),")
_MEMBER: Final = re.compile(r"\('(\w+)', \(\), ([\w.]+), \w+, \d+\)")


@dataclass(frozen=True, slots=True)
class Record:
    """A class or struct of the API: its parent and its own members by name, each with the name of its type."""

    parent: str | None
    members: dict[str, str]


@dataclass(frozen=True, slots=True)
class SliceTypes:
    """Types by the names that the generated modules give them ("_M_omero.api._t_StringSet").

    `replies` are those that operations return, by interface and operation; None for nothing.
    """

    replies: dict[tuple[str, str], str | None] = field(default_factory=dict)
    sequences: dict[str, str] = field(default_factory=dict)
    dictionaries: dict[str, tuple[str, str]] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)


@cache
def read_types() -> SliceTypes:
    """Read the modules, once a process (in a tenth of a second)."""
    types = SliceTypes()
    for text in generated_sources():
        for paragraph in text.split("\n\n"):
            if "IcePy." in paragraph:
                _read(types, paragraph.splitlines())
    return types


def _read(types: SliceTypes, lines: list[str]) -> None:
    """Read a paragraph: operations stand on a line each, definitions end with it."""
    for n, line in enumerate(lines):
        if "IcePy.Operation(" in line:
            _read_operation(types, line)
        elif found := _DEFINITION.match(line):
            _read_definition(types, found[1], found[2], "\n".join([line[found.end() :], *lines[n + 1 :]]))


def _read_operation(types: SliceTypes, line: str) -> None:
    name, reply = _OPERATION.match(line), _REPLY.search(line)
    if name and reply:
        types.replies[name[1], name[2]] = reply[1]


def _read_definition(types: SliceTypes, name: str, kind: str, rest: str) -> None:
    if kind == "Sequence" and (found := _SEQUENCE.match(rest)):
        types.sequences[name] = found[1]
    elif kind == "Dictionary" and (found := _DICTIONARY.match(rest)):
        types.dictionaries[name] = (found[1], found[2])
    elif kind in {"Class", "Struct"}:
        parent = _PARENT.match(rest)
        types.records[name] = Record(parent[1] if parent else None, dict(_MEMBER.findall(rest)))


def generated_sources() -> Iterator[str]:
    """Give the text of each module that Slice generated, but for those of the model."""
    for name in sorted(sys.modules):
        if name.startswith(("omero_", "Glacier2_", "Ice_Builtin")) and name.endswith("_ice") and "_model_" not in name:
            spec = importlib.util.find_spec(name)
            if spec is None or not isinstance(spec.loader, InspectLoader):
                raise ImportError(f"The source of {name} cannot be read")
            yield spec.loader.get_source(name) or ""
