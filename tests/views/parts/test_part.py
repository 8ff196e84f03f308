"""One door for a feature: a part from another package has a place in the window by one line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest_asyncio
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from omero_desk.desk import Backing, parts_of
from omero_desk.entities.objects import Account, Entity, Group, Kind, Person, Ref
from omero_desk.models.messages import About, Message
from omero_desk.system.settings import Settings
from omero_desk.views.parts.command import Menu
from omero_desk.views.parts.part import Part, Shared
from tests.extra_part.readers.visits import VisitReader
from tests.extra_part.views.part import RESET, VisitsPart
from tests.support.bare_desk import BareDesk
from tests.support.running_desk import until

ADA = Account("lab", Person(1, "ada", "Ada"), Group(1, "Lab", "rw----"), "uuid")
IMAGES = [Entity(Ref(Kind.IMAGE, number), f"{number}", f"{number}") for number in (1, 2)]


def with_visits(shared: Shared, backing: Backing) -> Sequence[Part]:
    """The parts of every window, and one line more."""
    return *parts_of(shared, backing), VisitsPart(shared, VisitReader(backing.service))


@pytest_asyncio.fixture
async def desk(qapp: QApplication) -> AsyncIterator[BareDesk]:
    desk = BareDesk(with_visits)
    desk.window.show()
    yield desk
    await desk.close()


def choose(desk: BareDesk, entities: Sequence[Entity]) -> None:
    desk.workbench.part(VisitsPart)._shared.selection.choose(entities)


async def sign_in(desk: BareDesk) -> None:
    connection = desk.workbench.connection
    connection.account, connection.server = ADA, "lab"
    connection.signed_in.emit(ADA)
    connection.changed.emit()


async def test_that_a_part_has_its_page_at_the_bottom_and_its_command_in_the_menu(desk: BareDesk) -> None:
    part = desk.workbench.part(VisitsPart)
    assert part.page in desk.workbench.bottom.pages
    assert not part.label.isVisible()
    part.page.open()
    assert part.label.isVisible()
    commands = part._shared.commands
    assert commands[RESET.id] in commands.menus[Menu.TOOLS].actions()
    assert RESET in commands.known


async def test_that_it_follows_the_selection_and_its_command_says_why_it_cannot_be_used(desk: BareDesk) -> None:
    part, action = desk.workbench.part(VisitsPart), desk.workbench.command(RESET.id)
    assert (action.isEnabled(), action.toolTip(), action.statusTip()) == (False, *["Nothing was visited yet"] * 2)
    choose(desk, IMAGES)
    await until(lambda: part.label.text() == "2 visits")
    assert action.isEnabled()
    assert action.toolTip() == f"Count visits from nought again ({RESET.keys})"
    desk.window.activateWindow()
    await until(desk.window.isActiveWindow)
    QTest.keySequence(desk.window, RESET.shortcuts[0])
    assert part.label.text() == "0 visits"


async def test_that_it_is_told_who_enters_and_leaves(desk: BareDesk) -> None:
    part, messages = desk.workbench.part(VisitsPart), desk.workbench.messages
    choose(desk, IMAGES)
    await until(lambda: part.model.count)
    await sign_in(desk)
    assert part.model.count == 0
    choose(desk, IMAGES)
    await until(lambda: part.model.count)
    messages.post(Message("of ada", about=About("ada@lab")))
    messages.post(Message("of all"))
    desk.workbench.connection.sign_out()
    await until(lambda: part.model.count == 0)
    assert messages.current == Message("of all")
    assert len(messages) == 1


async def test_that_it_is_asked_to_end_with_the_others(desk: BareDesk) -> None:
    assert desk.workbench.part(VisitsPart).model in desk.workbench.working


async def test_that_what_it_remembers_is_there_at_the_next_start(desk: BareDesk, tmp_path: Path) -> None:
    choose(desk, IMAGES)
    await until(lambda: desk.workbench.part(VisitsPart).model.count == 2)
    settings = Settings().with_state(desk.workbench.save_state())
    again = BareDesk(with_visits, Settings.from_json(settings.to_json()))
    assert again.workbench.part(VisitsPart).label.text() == "2 visits"
    await again.close()


async def test_that_a_window_knows_nothing_of_the_parts_of_another(desk: BareDesk) -> None:
    other = BareDesk(with_visits)
    choose(desk, IMAGES)
    await until(lambda: desk.workbench.part(VisitsPart).model.count == 2)
    assert other.workbench.part(VisitsPart).model.count == 0
    assert not set(other.workbench.working) & set(desk.workbench.working)
    await other.close()
