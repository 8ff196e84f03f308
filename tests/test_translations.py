"""All that a user reads can be translated: no words stand outside of `translate`, `plural` and `mark`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from update_translations import FOLDER, TEMPLATE, TEXTS_OF, Text, texts, texts_in, update

from omero_desk.app import translate_for
from omero_desk.models.translation import plural
from tests.support.present import present

PACKAGE = Path(__file__).parents[1] / "omero_desk"
_SPEAKING = ("models", "views", "local_servers", "readers", "system")
_ON_TERMINAL = {PACKAGE / "system" / name for name in ("logfile.py", "preflight.py")}
"""They speak before there is Qt, or where it is missing."""
_SPEAKERS = {PACKAGE / "desk.py", *(module for folder in _SPEAKING for module in (PACKAGE / folder).rglob("*.py"))}
SPOKEN = tuple(sorted(_SPEAKERS - _ON_TERMINAL))
FORMS = "%n Bild", "%n Bilder"
SHOWING = {
    *("setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setPlaceholderText", "setTitle"),
    *("setAccessibleName", "setAccessibleDescription", "setLabelText", "setInformativeText", "setHeaderData"),
    *("setPrefix", "setSuffix", "setSpecialValueText", "setButtonText", "setDetailedText", "setFormat", "setHtml"),
    *("addAction", "addItem", "addItems", "addTab", "addMenu", "addRow", "addSection", "addButton", "addToolBar"),
    *("insertTab", "setTabText", "setTabToolTip", "setItemText", "setHeaderLabels", "setHorizontalHeaderLabels"),
    *("QAction", "QCheckBox", "QCommandLinkButton", "QDockWidget", "QErrorMessage", "QFileDialog", "QGroupBox"),
    *("QInputDialog", "QLabel", "QLineEdit", "QMenu", "QMessageBox", "QProgressDialog", "QPushButton", "QRadioButton"),
    *("QSpinBox", "QToolBar", "QToolButton", "showMessage", "showText", "drawText"),
    *("Action", "Caption", "FilterEdit", "FittingBar", "Message", "inform"),
}
"""What puts words on the screen, Qt's and ours."""
SILENT = {
    *("debug", "info", "warning", "error", "exception", "critical", "log", "getLogger"),
    "createMethodCall",
    *("AssertionError", "KeyError", "LookupError", "NotImplementedError", "RuntimeError", "TypeError", "ValueError"),
    *("compile", "findChild", "findChildren", "setObjectName", "setProperty", "QKeySequence", "QByteArray", "QColor"),
    *("strptime", "strftime", "toString", "setDefaultSuffix", "TypeVar", "NewType"),
}
"""What takes words that no user reads."""
NO_WORDS = re.compile(
    r"((Ctrl|Shift|Alt|Meta)\+)+(\w+|[+\-/\[\]])|F\d+|Del|Esc|Return|Space|Tab|Menu|Left|Right|Up|Down|PgUp|PgDown|(\.\w+)+"
)
"""Keys, and endings of files' names."""
SENTENCE = re.compile(r"^&?[A-Z][a-z']+(,? [\w(“']|…|\.$)|(^|\w) (is|are|was|were|has|have|cannot|of|the|more) ")
"""What looks like words for a user, wherever it stands."""
WORD = re.compile(r"^&?[A-Z][a-z]+")
"""What looks like a word for a user where it is returned, named, given to a function or a value in a dictionary."""


def called(call: ast.Call) -> str:
    """The name of the function that is called, without what it is called on."""
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def words(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the literals with letters that an expression's value may hold; what is called inside is not looked into."""
    if isinstance(node, ast.Constant):
        text = literal(node) or ""
        if any(character.isalpha() for character in text) and not NO_WORDS.fullmatch(text):
            yield node
    elif isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.BoolOp):
        for part in node.values if isinstance(node, ast.JoinedStr | ast.BoolOp) else node.elts:
            yield from words(part.value if isinstance(part, ast.FormattedValue) else part)
    elif isinstance(node, ast.IfExp):
        yield from (*words(node.body), *words(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*words(node.left), *words(node.right))
    elif isinstance(node, ast.Call) and called(node) in ("format", "join") and isinstance(node.func, ast.Attribute):
        yield from words(node.func.value)


def shown(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the literals that are given to what puts words on the screen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in SHOWING:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from words(argument)


def held(node: ast.AST) -> list[ast.expr]:
    """The expressions that a node returns, names, keeps in a dictionary or gives to a function."""
    if isinstance(node, ast.Return | ast.Yield | ast.Assign | ast.AnnAssign):
        return [node.value] if node.value is not None else []
    if isinstance(node, ast.Call):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return node.values if isinstance(node, ast.Dict) else []


def spoken(node: ast.AST, quiet: bool = False) -> Iterator[ast.Constant]:
    """Yield the literals that look like words for a user, but for docstrings and what is given to `SILENT`."""
    if isinstance(node, ast.Expr) and literal(node.value) is not None:
        return
    quiet = quiet or (isinstance(node, ast.Call) and called(node) in SILENT | TEXTS_OF.keys())
    if isinstance(node, ast.Constant) and not quiet and SENTENCE.search(literal(node) or ""):
        yield node
    if not quiet:
        yield from (word for value in held(node) for word in words(value) if WORD.match(str(word.value)))
    for child in ast.iter_child_nodes(node):
        yield from spoken(child, quiet)


def unwrapped(source: str) -> list[str]:
    """The words of a module that a user reads and nobody can translate, with their lines."""
    tree = ast.parse(source)
    found = {(node.lineno, str(node.value)) for node in (*shown(tree), *spoken(tree))}
    return [f"{line}: {text}" for line, text in sorted(found)]


def relative(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("module", SPOKEN, ids=map(relative, SPOKEN))
def test_that_all_that_a_user_reads_can_be_translated(module: Path) -> None:
    assert unwrapped(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('label.setText("Retry")', ["1: Retry"]),
        ('label.setText(f"{count} wells")', ["1:  wells"]),
        ('label.setText("Cancel" if busy else translate("Viewer", "Close"))', ["1: Cancel"]),
        ('label.setText("{n} wells".format(n=3))', ["1: {n} wells"]),
        ('QLabel(text="Retry")', ["1: Retry"]),
        ('form.addRow("&Part", box)', ["1: &Part"]),
        ('TIP = "Read the plate again"', ["1: Read the plate again"]),
        ('TIP = "Retry…"', ["1: Retry…"]),
        ('yield "Owner", name', ["1: Owner"]),
        ('self._add(bar, "undo", "Undo", "Ctrl+Z", undo)', ["1: Undo"]),
        ('NAMES = {1: "Ellipse"}', ["1: Ellipse"]),
        ('why = f"{name} cannot be read. {reason}"', ["1:  cannot be read. "]),
        ('label.setText(translate("Viewer", "Retry"))', []),
        ('label.setText(plural("Plates", "{shown} of %n wells", "{shown} of %n well", n).format(shown=1))', []),
        ('label.setText(f"{tip} ({key})")', []),
        ('label.setText("–")', []),  # noqa: RUF001 - a dash
        ('TIP = mark("Plates", "Read the plate again")', []),
        ('raise RuntimeError("The image is not open yet")', []),
        ('def f():\n    """Return the number of the plane."""', []),
        ('KEY = "Ctrl+Shift+C"', []),
        ('menu.addAction(translate("Tree", "Copy"), "F3", copy)', []),
    ],
)
def test_that_words_for_the_user_are_told_from_others(source: str, found: list[str]) -> None:
    assert unwrapped(source) == found


def listed(file: Path) -> set[Text]:
    return {
        Text(
            context.findtext("name") or "",
            message.findtext("source") or "",
            message.findtext("comment") or "",
            message.get("numerus") == "yes",
        )
        for context in ElementTree.parse(file).iter("context")
        for message in context.iter("message")
    }


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ts")), ids=lambda file: file.name)
def test_that_the_files_of_translations_have_every_text(file: Path) -> None:
    """If not: `./run translations`."""
    written = set(texts())
    assert sorted(written - listed(file)) == []
    assert sorted(listed(file) - written) == []
    assert len(written) > 500 and any(text.is_plural for text in written)


def test_that_what_is_translated_stays_and_is_said(qapp: QApplication, tmp_path: Path) -> None:
    german = tmp_path / "omero-desk_de.ts"
    tree = ElementTree.parse(TEMPLATE)
    tree.getroot().set("language", "de")
    images = next(one for one in tree.iter("message") if one.findtext("source") == "%n images")
    translation = present(images.find("translation"))
    translation.attrib.clear()
    for form, words in zip((translation[0], ElementTree.SubElement(translation, "numerusform")), FORMS, strict=True):
        form.text = words
    tree.write(german, encoding="utf-8")
    update([german])
    assert listed(german) == set(texts())
    assert translate_for(QLocale("de_CH"), qapp, tmp_path)
    (translator,) = (one for one in qapp.findChildren(QTranslator) if not one.isEmpty())
    try:
        context = next(text.context for text in texts() if text.source == "%n images")
        assert [plural(context, "%n images", "%n image", n) for n in (1, 12)] == ["1 Bild", "12 Bilder"]
    finally:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    assert not translate_for(QLocale("fr_FR"), qapp, tmp_path)


def test_that_a_text_that_is_no_literal_is_named(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('translate("Viewer", words)', encoding="utf-8")
    with pytest.raises(ValueError, match=r"module\.py:1"):
        list(texts_in(module))
