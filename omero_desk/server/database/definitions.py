"""OMERO's class definitions, as the modules that Slice generated for omero-py state them.

IcePy's type objects are opaque at run time, so the text of each `omero_model_*_ice` module is read.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.abc import InspectLoader

import omero.all  # noqa: F401  loads every generated module

_CLASS = re.compile(
    r"IcePy\.defineClass\('::omero::model::(\w+)', \w+, -1, \(\), \w+, \w+, "
    r"(?:None|_M_omero\.model\._t_(\w+)), \(\), \((.*?)\)\)?\n\s+\w+\._ice_type",
    re.DOTALL,
)
_MEMBER = re.compile(r"\('_(\w+)', \(\), ([\w.]+),")
_SEQUENCE = re.compile(r"IcePy\.defineSequence\('::omero::model::(\w+)', \(\), _M_omero\.model\._t_(\w+)\)")


@dataclass(frozen=True, slots=True)
class Definition:
    """One class: its parent, and its own members as pairs of a name and the last part of a Slice type (`RString`)."""

    name: str
    parent: str | None
    members: tuple[tuple[str, str], ...]


def read_definitions() -> tuple[dict[str, Definition], dict[str, str]]:
    """Return the classes of `omero.model` by name, and the class of the elements of each sequence type.

    Raises ImportError where omero-py is installed without its sources.
    """
    classes: dict[str, Definition] = {}
    sequences: dict[str, str] = {}
    for text in _generated_sources():
        for name, parent, body in _CLASS.findall(text):
            members = tuple((member, kind.rpartition("._t_")[2]) for member, kind in _MEMBER.findall(body))
            classes[name] = Definition(name, parent or None, members)
        sequences.update(_SEQUENCE.findall(text))
    return classes, sequences


def _generated_sources() -> Iterator[str]:
    for name in sorted(sys.modules):
        if name.startswith("omero_model_") and name.endswith("_ice"):
            spec = importlib.util.find_spec(name)
            if spec is None or not isinstance(spec.loader, InspectLoader):
                raise ImportError(f"The source of {name} cannot be read")
            source = spec.loader.get_source(name)
            if source is None:
                raise ImportError(f"{name} is installed without its source, which names OMERO's properties")
            yield source
