"""What is built for other computers holds all that the program reads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from omero_desk import __version__

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
DRAW = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from omero_desk.views.theme import resources
from omero_desk.views.widgets import icons
image = icons.pixmap("project", 16).toImage()
print(resources.FOLDER, any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16)))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of a copy of this checkout, so that nothing is left in it."""
    copy, target = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copy(CHECKOUT / name, copy)
    for name in ("omero_desk", "resources"):
        shutil.copytree(CHECKOUT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    answer = subprocess.run([*build, target, copy], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    (built,) = target.iterdir()
    return built


def test_that_a_wheel_holds_every_resource(wheel: Path) -> None:
    resources = {path for path in (CHECKOUT / "resources").rglob("*") if path.is_file()}
    wanted = {f"omero_desk/_resources/{path.relative_to(CHECKOUT / 'resources').as_posix()}" for path in resources}
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert len(wanted) > 50
    assert wanted <= names
    assert {f"omero_desk/server/hql/grammar.{kind}" for kind in ("lark", "json")} <= set(names)
    assert ("omero_desk/imaging/_blending.abi3.so" in names) == (shutil.which("cc") is not None)
    assert {name.partition("/")[0] for name in names} == {"omero_desk", f"omero_desk-{__version__}.dist-info"}


def test_that_a_drawing_is_found_in_an_unpacked_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    answer = subprocess.run(
        [sys.executable, "-c", DRAW], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert answer.stdout.split() == [str(tmp_path / "omero_desk" / "_resources"), "True"], answer.stderr


@pytest.mark.parametrize("compiler", ["false", "no-such-compiler", "true"])
def test_that_a_wheel_is_whole_where_the_compiler_fails_is_missing_or_makes_nothing(
    compiler: str, tmp_path: Path
) -> None:
    copy, package = tmp_path / "checkout", Path("omero_desk", "imaging")
    shutil.copytree(CHECKOUT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.pyd"))
    shutil.copy(CHECKOUT / "omero_desk" / "__init__.py", copy / "omero_desk")
    for name in SOURCES:
        shutil.copy(CHECKOUT / name, copy)
    (copy / "resources").mkdir()
    environment = {**os.environ, "CC": compiler}
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    answer = subprocess.run(
        [*build, tmp_path / "wheel", copy], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    (built,) = (tmp_path / "wheel").iterdir()
    with ZipFile(built) as archive:
        names = archive.namelist()
    assert (package / "blending.py").as_posix() in names
    assert not any(name.endswith((".so", ".pyd")) for name in names)
