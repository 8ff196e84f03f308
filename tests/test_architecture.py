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
    *("czifile", "liffile", "nd2", "oiffile", "pydicom"),
)
EVERYWHERE = ("typing_extensions",)
THREADS = ("threading", "_thread", "concurrent", "multiprocessing", "asyncio")


@dataclass(frozen=True)
class Layer:
    """What a layer may import: of ours, and of other people's; of Python itself all but `never`."""

    ours: tuple[str, ...]
    others: tuple[str, ...]
    never: tuple[str, ...] = ()


ENTITIES = "omero_desk.entities"
IMAGING_TYPES = (
    "omero_desk.imaging.contrast.Histogram",  # frozen
    "omero_desk.imaging.composite.Picture",  # an array's type
    "omero_desk.imaging.projection.Projection",  # an enum
)
LAYERS = {
    "entities": Layer(ours=(ENTITIES,), others=("numpy",)),
    "gateway": Layer(ours=("omero_desk.gateway", ENTITIES), others=("numpy", *OMERO)),
    "imaging": Layer(ours=("omero_desk.imaging", ENTITIES), others=("numpy",)),
    "server": Layer(ours=("omero_desk.server",), others=("numpy", *OMERO, *SERVER_LIBRARIES)),
    "models": Layer(
        ours=("omero_desk.models", "omero_desk.gateway", "omero_desk.imaging", ENTITIES),
        others=("PySide6.QtCore", "numpy"),
    ),
    "views": Layer(
        ours=("omero_desk.views", "omero_desk.models", ENTITIES, *IMAGING_TYPES),
        others=("PySide6", "shiboken6"),
        never=THREADS,
    ),
}
# Where modules are loaded late for start-up time: neither gateway nor server may see the root's place.
LATE_IMPORTS = {
    "system/child_process.py",
    "system/lazy_imports.py",
    "gateway/connection/opener.py",
    "server/demo/__init__.py",
    "server/images/makers/__init__.py",
    "server/tables/__init__.py",
}
ONLY_THE_ROOT = {"qasync": {"system/event_loop.py"}}


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
    return within(name, (*EVERYWHERE, *layer.others))


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


def module_name(path: Path) -> str:
    """The dotted name by which a module or package is imported."""
    return ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def arrows() -> Iterator[tuple[str, str]]:
    """Each import of one of our modules by another, those for types only included."""
    known = {module_name(module) for module in MODULES}
    for module in MODULES:
        for name in imported(module):
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target != module_name(module):
                yield module_name(module), target


def within_folders(pairs: Iterator[tuple[str, str]]) -> dict[str, dict[str, set[str]]]:
    """What stands side by side in each folder, and what of it imports which: a sub-folder counts with all it holds."""
    found: dict[str, dict[str, set[str]]] = {}
    for source, target in pairs:
        ours, theirs = source.split("."), target.split(".")
        same = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
        if same is not None:
            folder = found.setdefault(".".join(ours[:same]), {})
            folder.setdefault(ours[same], set()).add(theirs[same])
            folder.setdefault(theirs[same], set())
    return found


def circle(graph: dict[str, set[str]]) -> tuple[str, ...]:
    """The names that are in a circle, or depend on one; none if there is an order in which all can be loaded."""
    left = {name: set(targets) for name, targets in graph.items()}
    while free := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in free}
    return tuple(sorted(left))


FOLDERS = within_folders(arrows())


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_that_what_stands_in_a_folder_imports_each_other_in_one_direction(folder: str) -> None:
    assert circle(FOLDERS[folder]) == ()


def test_that_a_folder_holds_at_most_25_modules() -> None:
    sizes = {str(folder): len(list(folder.glob("*.py"))) for folder in {module.parent for module in MODULES}}
    assert {folder: size for folder, size in sizes.items() if size > 25} == {}


@pytest.mark.parametrize(
    ("graph", "verdict"),
    [
        ({"a": {"b"}, "b": set()}, ()),
        ({"a": {"b"}, "b": {"a"}}, ("a", "b")),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}, ("a", "b", "c")),
    ],
)
def test_that_a_circle_is_found(graph: dict[str, set[str]], verdict: tuple[str, ...]) -> None:
    assert circle(graph) == verdict


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
        ("omero_desk.entities.objects.Ref", "views", True),
        ("omero_desk.gateway.service.manager.ServiceManager", "views", False),
        ("threading", "views", False),
        ("asyncio.Future", "views", False),
        ("asyncio", "gateway", True),
        ("PySide6.QtCore", "gateway", False),
        ("omero_desk.models.tree.node", "gateway", False),
        ("omero_desk.entities.objects", "server", False),
        ("omero_model_ImageI", "views", False),
    ],
)
def test_that_the_rules_tell_right_from_wrong(name: str, layer: str, verdict: bool) -> None:
    assert allowed(name, LAYERS[layer]) is verdict
