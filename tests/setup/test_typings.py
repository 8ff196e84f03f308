"""The stubs of omero, Ice and Glacier2 name what these packages have."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from omero.api import IQueryPrx

ICE = importlib.import_module("IcePy")
"""The part of Ice that is written in C++."""
TYPINGS = Path(__file__).parents[2] / "typings"
MODULES = {
    ".".join(path.relative_to(TYPINGS).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(TYPINGS.rglob("*.pyi"))
}


def stubbed(path: Path) -> Iterator[tuple[str, ...]]:
    """The names of a stub's functions and classes, and of the methods of each class, but for properties."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield (node.name,)
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            yield from ((node.name, each.name) for each in methods if not each.decorator_list)


def exists(module: ModuleType, found: str, *methods: str) -> bool:
    """Whether a module has a class with a method, if only the one with an I behind its name or that of IcePy."""
    kinds = [getattr(module, name, None) for name in (found, f"{found}I")] + [getattr(ICE, found, None)]
    return hasattr(module, found) and all(any(hasattr(kind, method) for kind in kinds) for method in methods)


@pytest.mark.parametrize("name", MODULES)
def test_that_a_stub_names_what_its_module_has(name: str) -> None:
    module = importlib.import_module(name)
    assert [".".join(names) for names in stubbed(MODULES[name]) if not exists(module, *names)] == []


def test_that_a_stubbed_operation_takes_its_arguments_in_the_order_of_slice() -> None:
    code = IQueryPrx.findAllByString.__code__
    tree = ast.parse(MODULES["omero.api"].read_text(encoding="utf-8"))
    (proxy,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "IQueryPrx")
    (stub,) = (n for n in proxy.body if isinstance(n, ast.FunctionDef) and n.name == "findAllByString")
    assert [argument.arg for argument in stub.args.args] == list(code.co_varnames[: code.co_argcount])
