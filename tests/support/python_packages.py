"""Small packages of other people, installed into a folder of their own, as pip would leave them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import omero.gateway
import pytest

from omero_desk.gateway.wrappers import registry
from omero_desk.gateway.wrappers.extensions import Extensions


def install(folder: Path, name: str, source: str, entry_points: Mapping[str, str]) -> None:
    """Install a distribution of one module; `entry_points` are those of our group, by name."""
    (folder / f"{name}.py").write_text(dedent(source))
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{entry} = {value}\n" for entry, value in entry_points.items()]
    (info / "entry_points.txt").write_text(f"[{registry.ENTRY_POINTS}]\n{''.join(lines)}")


@contextmanager
def packages_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Python find what is installed in `folder`, as a program that has just begun; afterwards all is as before."""
    monkeypatch.setattr(registry, "_EXTENSIONS", Extensions())
    monkeypatch.syspath_prepend(str(folder))
    before, modules = dict(vars(omero.gateway)), set(sys.modules)
    yield
    for name, value in before.items():
        setattr(omero.gateway, name, value)
    omero.gateway.refreshWrappers()
    for name in set(sys.modules) - modules:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == folder:
            del sys.modules[name]
