"""Who may import whom. The table is the architecture; the tests read the source and hold it to the table."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "omero_desk"
MODULES = sorted(PACKAGE.rglob("*.py"))

OMERO = ("omero", "Ice", "Glacier2", "IceImport")
SERVER_LIBRARIES = (
    *("sqlalchemy", "lark", "cryptography", "platformdirs", "watchfiles"),
    *("tifffile", "imagecodecs", "tensorstore", "PIL", "skimage", "scipy", "cmap", "tables"),
)
THREADS = ("threading", "_thread", "concurrent", "multiprocessing", "asyncio")


@dataclass(frozen=True)
class Layer:
    """What a layer may import: of ours, and of other people's; of Python itself all but `never`."""

    ours: tuple[str, ...]
    others: tuple[str, ...]
    never: tuple[str, ...] = ()


LAYERS = {
    "gateway": Layer(ours=("omero_desk.gateway",), others=("numpy", *OMERO)),
    "imaging": Layer(
        ours=(
            "omero_desk.imaging",
            "omero_desk.gateway.entities",
            "omero_desk.gateway.image_entities",
            "omero_desk.gateway.roi_entities",
        ),
        others=("numpy",),
    ),
    "server": Layer(
        ours=("omero_desk.server",),
        others=("numpy", *OMERO, *SERVER_LIBRARIES),
    ),
    "models": Layer(
        ours=("omero_desk.models", "omero_desk.gateway", "omero_desk.imaging"), others=("PySide6.QtCore", "numpy")
    ),
    "views": Layer(
        ours=(
            "omero_desk.views",
            "omero_desk.models",
            "omero_desk.gateway.entities",
            "omero_desk.gateway.image_entities",
            "omero_desk.gateway.plate_entities",
            "omero_desk.gateway.roi_entities",
            "omero_desk.gateway.errors",
            "omero_desk.gateway.service.State",  # an enum
            "omero_desk.gateway.journal.Outcome",  # an enum
            "omero_desk.gateway.journal.CallRecord",  # frozen
            "omero_desk.imaging.contrast.Histogram",  # frozen
            "omero_desk.imaging.composite.Picture",  # an array's type
            "omero_desk.imaging.projection.Projection",  # an enum
        ),
        others=("PySide6",),
        never=THREADS,
    ),
}
# Where modules are loaded late for start-up time: neither gateway nor server may see the root's place.
LATE_IMPORTS = {"late.py", "gateway/opener.py", "server/demo/__init__.py", "server/tables/__init__.py"}
ONLY_THE_ROOT = {"qasync": {"app.py"}}


def layer_of(module: Path) -> str | None:
    """The layer's name; None for the root, which may import all."""
    first = module.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return first if first in LAYERS else None


def imported(module: Path) -> Iterator[str]:
    """Full names of all that a module imports, wherever in it, for types only included."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(module: Path) -> Iterator[str]:
    """The names of all functions that a module calls, without what they are called on."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), module)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def allowed(name: str, layer: Layer) -> bool:
    root = name.partition(".")[0]
    if root == "omero_desk":
        return name == "omero_desk.__version__" or within(name, layer.ours)
    if root in sys.stdlib_module_names:
        return not within(name, layer.never)
    return within(name, layer.others)


def names(modules: list[Path]) -> list[str]:
    return [module.relative_to(PACKAGE).as_posix() for module in modules]


LAYERED = [module for module in MODULES if layer_of(module)]


@pytest.mark.parametrize("module", LAYERED, ids=names(LAYERED))
def test_that_a_module_imports_only_what_its_layer_may(module: Path) -> None:
    layer = LAYERS[layer_of(module) or ""]
    assert [name for name in imported(module) if not allowed(name, layer)] == []


@pytest.mark.parametrize(("library", "homes"), ONLY_THE_ROOT.items())
def test_that_a_library_of_the_root_is_imported_nowhere_else(library: str, homes: set[str]) -> None:
    importers = [module for module in MODULES if any(within(name, (library,)) for name in imported(module))]
    assert set(names(importers)) <= homes


def test_that_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{module.relative_to(PACKAGE)}:{inner.lineno}"
        for module in MODULES
        for function in ast.walk(tree(module))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_that_modules_are_loaded_by_name_only_where_that_is_meant() -> None:
    loading = [module for module in MODULES if {"import_module", "__import__", "run_module"} & set(called(module))]
    assert set(names(loading)) <= LATE_IMPORTS


def test_that_what_the_window_needs_loads_nothing_of_omero_or_the_server() -> None:
    wanted = [
        ".".join(("omero_desk", *module.relative_to(PACKAGE).with_suffix("").parts))
        for module in MODULES
        if layer_of(module) in ("models", "views") and module.stem != "__init__"
    ]
    script = f"import sys, {', '.join(wanted)}\nprint(*(name.partition('.')[0] for name in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert not set(answer.stdout.split()) & {*OMERO, "omero_model_Image_ice", "sqlalchemy", "lark", "skimage"}


@pytest.mark.parametrize(
    ("name", "layer", "verdict"),
    [
        ("PySide6.QtCore.QObject", "models", True),
        ("PySide6.QtGui.QImage", "models", False),
        ("omero.gateway", "models", False),
        ("omero_desk.server.database.store", "models", False),
        ("omero_desk.gateway.entities.Ref", "views", True),
        ("omero_desk.gateway.service.ServiceManager", "views", False),
        ("threading", "views", False),
        ("asyncio.Future", "views", False),
        ("asyncio", "gateway", True),
        ("PySide6.QtCore", "gateway", False),
        ("omero_desk.models.node", "gateway", False),
        ("omero_desk.gateway.entities", "server", False),
        ("omero_model_ImageI", "views", False),
    ],
)
def test_that_the_rules_tell_right_from_wrong(name: str, layer: str, verdict: bool) -> None:
    assert allowed(name, LAYERS[layer]) is verdict
