"""Whatever a server calls its things, it is shown as it is: no markup, no shortcuts, no more room than there is."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.plates import Field, PlateInfo, Run, Well
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.labels import on_button, shortened, tooltip, unmarked
from omero_desk.models.plates.content import PlateContent
from omero_desk.models.plates.well_fields import WellFieldsModel
from omero_desk.views.theme.tokens import Width
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.array_images import ArrayReader

VIEWS = Path(__file__).parents[2] / "omero_desk" / "views"
NAMES = [
    "<b>x</b><br>y.tif",
    "<i>D. mel</i> GFP",
    "DAPI & GFP",
    "R&D &lt; 5",
    "<img src='file:///etc/passwd'>",
    "Alexa Fluor 647 anti-mouse CD31 (clone 390), long pass 665 nm" * 3,
    "\u202egnp.exe\n<h1>two\nlines",
]
MARKUP = st.one_of(
    st.text(), st.lists(st.sampled_from(["<", ">", "b", "br", "/", "!", "&lt;", " ", "\n", "p"])).map("".join)
)


def rich(text: str) -> bool:
    return bool(QtGui.Qt.mightBeRichText(text))


@given(MARKUP)
def test_that_no_tooltip_is_taken_for_markup(text: str) -> None:
    assert not rich(unmarked(text))
    assert unmarked(text).replace("\N{WORD JOINER}", "") == text[:4000].replace("\N{WORD JOINER}", "")


@given(st.text())
def test_that_no_button_has_a_shortcut_that_its_name_gives_it(text: str) -> None:
    assert QKeySequence.mnemonic(on_button(text)).isEmpty()


@pytest_asyncio.fixture(params=NAMES)
async def viewer(request: pytest.FixtureRequest) -> AsyncIterator[ImageViewer]:
    reader = ArrayReader(np.zeros((1, 2, 1, 16, 16), "uint16"))
    channels = tuple(replace(channel, name=request.param) for channel in reader.info.channels)
    reader.info = replace(reader.info, name=request.param, channels=channels)
    made = ImageViewer(await reader.opened())
    made.resize(1100, 800)
    made.show()
    made.channels_page.widget.resize(Width.INSPECTOR[0], 800)
    made.channels_page.widget.show()
    made._show_value(3.0, 3.0)
    yield made
    made.close_image()
    made.deleteLater()


async def test_that_a_viewer_shows_channels_as_they_are_called(viewer: ImageViewer) -> None:
    panel = viewer.channels
    for widget in (*viewer.findChildren(QWidget), *panel.findChildren(QWidget)):
        assert not rich(widget.toolTip()), widget
    for label in (*viewer.findChildren(QLabel), *panel.findChildren(QLabel)):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text()
    assert len(panel.rows) == 2
    for row in panel.rows:
        assert QKeySequence.mnemonic(row.active.text()).isEmpty()
        assert row.called.text() == shortened(row.name)
        assert row.called.textFormat() == Qt.TextFormat.PlainText
        assert row.details is not None
        right = panel.mapToGlobal(panel.rect().topRight()).x()
        assert panel.width() <= Width.INSPECTOR[0]
        for widget in (row.color_button, row.menu_button, row.details.end, row.details.gamma):
            assert widget.mapToGlobal(widget.rect().topRight()).x() <= right
    assert all(isinstance(button.text(), str) for button in viewer.findChildren(QAbstractButton))


@pytest.mark.parametrize("name", NAMES)
def test_that_models_give_tooltips_in_which_names_are_no_markup(name: str) -> None:
    async def nothing(*_: object) -> dict[int, object]:
        return {}

    image = Entity(Ref(Kind.IMAGE, 1), name, name)
    contents = ContentsModel(lambda: None, ImageSizesModel(nothing, print))  # type: ignore[arg-type]
    contents.show_entities("here", [image])
    assert not rich(contents.data(contents.index(0, 0), Qt.ItemDataRole.ToolTipRole))  # type: ignore[arg-type]
    fields = WellFieldsModel(nothing, print)  # type: ignore[arg-type]
    fields._take([Field(1, 1, 1, name)])
    assert not rich(fields.data(fields.index(0), Qt.ItemDataRole.ToolTipRole))  # type: ignore[arg-type]
    content = PlateContent(PlateInfo(1, name, 1, 1, runs=(Run(1, name),)))
    content.add_wells([Well(1, 0, 0, type=name, description=name)])
    assert not rich(unmarked("\n".join(content.lines(content.wells[0, 0]))))
    assert "<i>" not in tooltip(image, None)  # rich text, in which names are escaped
    assert "<img" not in tooltip(image, None)


def calls(function: str) -> list[tuple[str, ast.Call]]:
    return [
        (f"{module.relative_to(VIEWS)}:{node.lineno}", node)
        for module in sorted(VIEWS.rglob("*.py"))
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        if (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) == function
    ]


def test_that_every_label_is_one_that_bears_any_text_but_for_our_own_markup() -> None:
    others = [where for where, _ in calls("QLabel") if not where.startswith("window/help_dialogs.py")]
    assert others == []


def test_that_every_menu_entry_that_bears_a_name_has_a_tooltip_that_is_no_markup() -> None:
    made = [where for where, call in calls("addAction") if "on_button" in ast.unparse(call)]
    assert [where for where in made if not where.startswith("widgets/names.py")] == []


def test_that_every_tooltip_made_of_a_name_goes_the_one_way() -> None:
    made = [
        (where, ast.unparse(call))
        for where, call in calls("setToolTip")
        if any(f"{word}=" in ast.unparse(call) for word in ("name", "channel", "file", "title"))
    ]
    assert [where for where, source in made if "unmarked" not in source] == []
