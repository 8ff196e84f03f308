"""What an inspector asks for while edits of several objects are saved one behind the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from PySide6.QtGui import QGuiApplication

from omero_desk.entities.annotations import Annotation, Pairs, Section, Type
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import PutAnnotation
from omero_desk.entities.objects import Ref
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.models.annotations.pairs_table import KEY, VALUE
from omero_desk.models.annotations.pending import EditState
from omero_desk.views.annotations.comments_section import CommentRow
from tests.faults.proxy import Fault
from tests.support.editing_desk import Lab
from tests.support.inspecting import Inspector
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


def count_reads(inspector: Inspector) -> Counter[Section]:
    """Count from now on how often the model asks for a section."""
    reader, asked = inspector.model._reader, Counter[Section]()
    annotations = reader.annotations

    async def counted(refs: Sequence[Ref], section: Section) -> Sequence[Annotation]:
        asked[section] += 1
        return await annotations(refs, section)

    reader.annotations = counted  # type: ignore[method-assign]
    return asked


def paste(inspector: Inspector, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    inspector.panel.pairs.paste()


def shown_pairs(inspector: Inspector) -> list[Pairs]:
    return [card.table.pairs for card in inspector.panel.pairs.cards if card.table.pairs]


def comment_rows(inspector: Inspector) -> list[str]:
    rows = inspector.panel.comments.findChildren(CommentRow)
    return [row.words.toPlainText() for row in rows if not row.isHidden()]


async def test_that_a_section_is_read_once_after_the_last_edit_of_several_and_what_was_typed_shows_at_once(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(*lab.images)
    inspector.open("comments")
    await inspector.settled()
    asked = count_reads(inspector)
    saved: list[int] = []
    inspector.desk.edits.done.connect(lambda edit, _receipt: saved.append(len(comment_rows(inspector))))

    inspector.desk.edits.comment(inspector.model.able, "blurred")
    assert len(inspector.desk.edits.pending) == 3
    assert comment_rows(inspector) == ["blurred"]
    await inspector.settled()

    assert saved == [1, 1, 1]
    assert asked == {Section.COMMENTS: 1}
    assert comment_rows(inspector) == ["blurred"] * 3
    assert inspector.model.pending(Section.COMMENTS) == ()


async def test_that_a_section_is_read_though_the_last_edit_of_several_is_refused(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(*lab.images)
    inspector.open("comments")
    await inspector.settled()
    asked = count_reads(inspector)
    edits, saved = inspector.desk.edits, Counter[str]()

    def fail_the_third() -> None:
        saved["comments"] += 1
        if saved["comments"] == 2:
            lab.fail("saveAndReturnObject=ValidationException")

    edits.done.connect(fail_the_third)
    edits.comment(inspector.model.able, "blurred")
    await until(lambda: [one.state for one in edits.pending] == [EditState.GIVEN_BACK])
    await inspector.model.finished()
    assert asked == {Section.COMMENTS: 1}
    assert comment_rows(inspector) == ["blurred"] * 3


async def test_that_pairs_for_several_objects_are_one_edit_and_are_taken_back_at_once(
    inspector: Inspector, lab: Lab
) -> None:
    one, two, three = lab.images
    await inspector.look_at(one)
    paste(inspector, "dose\t1")
    await inspector.settled()
    await inspector.look_at(one, two, three)
    asked, saved = count_reads(inspector), Counter[str]()
    inspector.desk.edits.done.connect(lambda edit: saved.update([edit.title]))
    paste(inspector, "dose\t2\nbuffer\tPBS")
    assert len(inspector.desk.edits.pending) == 1
    await inspector.settled()
    assert saved == {"Key-value pairs of 3 images": 1}
    assert asked == {Section.KEY_VALUES: 1}
    await inspector.look_at(two)
    assert shown_pairs(inspector) == [(("dose", "2"), ("buffer", "PBS"))]
    await inspector.undo()
    assert shown_pairs(inspector) == []
    await inspector.look_at(one)
    assert shown_pairs(inspector) == [(("dose", "1"),)]


async def test_that_a_pair_typed_on_one_of_several_while_theirs_are_sent_makes_no_second_annotation(
    inspector: Inspector, lab: Lab
) -> None:
    one, two, three = lab.images
    await inspector.look_at(one, two, three)
    lab.proxy.arm(Fault.HOLD)
    paste(inspector, "dose\t2")
    edits = inspector.desk.edits
    await until(lambda: edits.pending[0].state is EditState.SENDING)
    inspector.desk.select(two)
    await until(lambda: inspector.model.refs == (two,))
    table = inspector.panel.pairs.cards[0].table
    assert table.setData(table.index(1, KEY), "buffer")
    assert table.setData(table.index(1, VALUE), "PBS")
    assert len(edits.pending) == 2
    lab.proxy.heal()
    await inspector.settled()
    assert shown_pairs(inspector) == [(("dose", "2"), ("buffer", "PBS"))]
    assert inspector.number("key_values") == "1"


async def test_that_pairs_that_are_on_other_objects_too_stay_and_that_is_said(inspector: Inspector, lab: Lab) -> None:
    one, two, three = lab.images
    await inspector.look_at(one)
    paste(inspector, "dose\t1")
    await inspector.settled()
    (shared,) = inspector.model.all_contents(Section.KEY_VALUES).annotations or ()
    ada = inspector.desk.edits.author
    write = write_of(PutAnnotation((three,), Type.MAP, shared.id, ""), present(ada))
    await inspector.desk.service.write(Lane.METADATA, write)
    await inspector.look_at(one, two)
    paste(inspector, "dose\t2")
    await inspector.settled()
    said = present(inspector.desk.bench.messages.current).text
    assert "Key-value pairs of 2 images: those of 1 object were left as they are" in said
    await inspector.look_at(three)
    assert shown_pairs(inspector) == [(("dose", "1"),)]
    await inspector.look_at(two)
    assert shown_pairs(inspector) == [(("dose", "2"),)]
