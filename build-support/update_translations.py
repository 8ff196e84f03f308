"""Brings the files of translations up to date with the texts in the source; `./run translations` calls it.

`omero-desk.ts` has all texts and no translation. A file of a language is a copy of it, `omero-desk_de.ts` for instance,
which is translated with `pyside6-linguist`; what is translated in it stays.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "resources" / "translations"
TEMPLATE: Final = FOLDER / "omero-desk.ts"
TEXTS_OF: Final = {"translate": 3, "plural": 3, "mark": 2}
"""The functions that texts are given to, and how many of their first arguments are literals at most."""
_SILENT: Final = "server"
"""The folder that knows no user."""
_DEFINITIONS: Final = {ROOT / "omero_desk/models/translation.py", ROOT / "omero_desk/entities/sentences.py"}


class Text(NamedTuple):
    """A text of the program: context, source and comment tell it from others. A plural has a form for each number."""

    context: str
    source: str
    comment: str
    is_plural: bool


def texts() -> list[Text]:
    """Return all texts of the program, each once; raises ValueError for one that is not written as literals."""
    package = ROOT / "omero_desk"
    modules = (module for module in package.rglob("*.py") if module.relative_to(package).parts[0] != _SILENT)
    return sorted({text for module in modules if module not in _DEFINITIONS for text in texts_in(module)})


def texts_in(module: Path) -> Iterator[Text]:
    """Yield the texts of a module, as Python reads it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEXTS_OF:
            given = [getattr(argument, "value", None) for argument in node.args[: TEXTS_OF[node.func.id]]]
            if len(given) < 2 or not all(isinstance(one, str) for one in given):
                raise ValueError(f"{module}:{node.lineno}: context and texts are no literals")
            yield Text(str(given[0]), str(given[1]), str(given[2]) if len(given) > 2 else "", node.func.id == "plural")


def update(files: Iterable[Path]) -> None:
    """Write the texts into files, and keep the translations there; raises CalledProcessError.

    What is translated in a language's file is compiled beside it, for the program to load. lupdate gets a list of the
    texts in place of the source: it takes no plural for one whose number is a variable.
    """
    wanted = list(files)
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    with TemporaryDirectory() as folder:
        listed = Path(folder) / "texts.py"
        listed.write_text("".join(map(_line, texts())), encoding="utf-8")
        subprocess.run([_tool("lupdate"), *options, listed, "-ts", *wanted], check=True)
    for file in (one for one in wanted if one.name != TEMPLATE.name):
        subprocess.run([_tool("lrelease"), "-silent", file, "-qm", file.with_suffix(".qm")], check=True)


def _tool(name: str) -> Path:
    return Path(sys.executable).with_name(f"pyside6-{name}")


def _line(text: Text) -> str:
    words = ", ".join(json.dumps(one, ensure_ascii=False) for one in text[:3])
    return f"QCoreApplication.translate({words}{', 2' if text.is_plural else ''})\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    update(sorted({TEMPLATE, *FOLDER.glob("*.ts")}))
