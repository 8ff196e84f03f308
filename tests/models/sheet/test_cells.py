"""Blocks of text, files, patterns and edits of a spreadsheet, without a window or a server."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.annotations import with_values
from omero_desk.entities.edits import LONGEST, AddTag, Rename, SetManyPairs, SetRating, TakeOff
from omero_desk.entities.objects import Entity, Kind, Permissions, Ref, natural_key
from omero_desk.entities.sheet import SheetRow, SheetTag
from omero_desk.models.sheet.blocks import MOST_COLUMNS, MOST_ROWS, Block, as_csv, as_tabs, from_clipboard, from_file
from omero_desk.models.sheet.changes import ChangesModel
from omero_desk.models.sheet.columns import NAME, RATING, TAGS, Column, Field, checked, sort_key, text_of, why_not
from omero_desk.models.sheet.importing import By, guess, match
from omero_desk.models.sheet.replacing import PatternError, Replacing, longest_cell, replaced
from omero_desk.models.sheet.saving import planned
from tests.support.left_over import ends_with_the_test

DOSE = Column(Field.KEY, "dose")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12)
ROWS = st.lists(st.lists(TEXTS, min_size=2, max_size=4).map(tuple), min_size=1, max_size=5)


def image(identity: int, name: str = "", group: int = 1, rights: bool = True) -> Entity:
    name = name or f"image {identity}"
    allowed = Permissions(rights, rights, rights, rights)
    return Entity(Ref(Kind.IMAGE, identity), name, natural_key(name), group_id=group, permissions=allowed)


def stripped(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    left = list(rows)
    while left and not any(left[-1]):
        left.pop()
    return tuple(left)


@given(ROWS)
def test_that_what_is_copied_comes_back_as_it_was(rows: list[tuple[str, ...]]) -> None:
    wanted = stripped(rows)
    ours = [row for row in wanted if not any(cell.startswith("'") for cell in row)]
    if len(ours) == len(wanted):
        assert from_clipboard(as_tabs(rows)).rows == wanted


@given(ROWS)
def test_that_no_copied_cell_is_taken_for_a_formula(rows: list[tuple[str, ...]]) -> None:
    for row in csv.reader(StringIO(as_tabs(rows), newline=""), dialect="excel-tab"):
        for cell in row:
            assert not cell.startswith(("=", "@", "\t")) or re.fullmatch(r"[-+0-9.eE, _infatyINFATY]*", cell)


@given(st.binary(max_size=200))
def test_that_any_bytes_are_rows_of_texts(content: bytes) -> None:
    block = from_file(content)
    assert all("\x00" not in cell for row in block.rows for cell in row)
    match(block, 0, By.NAME, [image(1), image(2)])


@given(st.text(max_size=200))
def test_that_any_text_on_the_clipboard_is_a_block(text: str) -> None:
    block = from_clipboard(text)
    assert block.width <= MOST_COLUMNS


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"\xef\xbb\xbfname,dose\na,1\n", (("name", "dose"), ("a", "1"))),
        ("name\tdose\r\nä\t1\r\n".encode("utf-16"), (("name", "dose"), ("ä", "1"))),
        ("name;dose\nä;1,5\n".encode("cp1252"), (("name", "dose"), ("ä", "1,5"))),
        (b'name,"a;b;c"\n"x\ny",1\n\n\n', (("name", "a;b;c"), ("x\ny", "1"))),
        (b"", ()),
    ],
)
def test_that_files_of_several_programs_are_read(content: bytes, rows: tuple[tuple[str, ...], ...]) -> None:
    assert from_file(content).rows == rows


def test_that_a_quotation_mark_that_is_not_closed_swallows_no_rows() -> None:
    content = b'name,dose\na,"1\nb,2\n'
    assert from_file(content) == Block((("name", "dose"), ("a", '"1'), ("b", "2")), is_open=True)
    assert from_clipboard('5" pipe\t"x"\nb').rows == (('5" pipe', "x"), ("b",))
    assert from_clipboard('"5\nb\tc').rows == (('"5',), ("b", "c"))


def test_that_what_cannot_be_taken_of_a_file_is_counted() -> None:
    long = from_file(b"name,dose\na," + b"x" * (LONGEST + 1) + b"\nb," + b"y" * LONGEST)
    assert (long.too_long, [len(row[1]) for row in long.rows[1:]], long.is_cut) == (1, [0, LONGEST], False)
    assert from_file(b"name\n\x81\x8d").is_damaged
    assert not from_file("name\n\ufffd".encode()).is_damaged
    full = from_file(b"a\n" * MOST_ROWS)
    assert (len(full.rows), full.is_cut) == (MOST_ROWS, False)
    assert from_file(b"a\n" * MOST_ROWS + b"b").is_cut


def test_that_columns_and_cells_without_a_heading_are_told() -> None:
    block = from_file(b"name,dose,dose,,size\na,1,2,3,4,5\nb,,,,\n")
    found = match(block, 0, By.NAME, [image(1, "a"), image(2, "b")])
    assert found.texts == {(1, DOSE): "1"}
    assert (found.left_out, found.wider) == (("dose", "", "size"), (2,))


def test_that_a_file_written_here_is_read_as_it_was() -> None:
    rows = (("ID", "Name"), ("1", "=SUM(A1)"), ("2", "-5"), ("3", 'a "quoted", b'))
    assert from_file(as_csv(rows)).rows == rows


def test_that_rows_are_matched_by_name_and_what_is_doubtful_fills_nothing() -> None:
    images = [image(1, "a.tif"), image(2, "b.tif"), image(3, "c.tif"), image(4, "c.tif")]
    block = from_file(b"Name,dose,size\nA,1,x\nb.TIF,,\nc.tif,3,\nd,4,\na.tif,5,\n,,\n")
    assert guess(block) == (0, By.NAME)
    found = match(block, 0, By.NAME, images)
    assert found.texts == {(1, DOSE): "1"}
    assert (found.matched, found.missing, found.doubtful) == (2, (5,), (4, 6))
    assert (found.columns, found.left_out) == ((DOSE,), ("size",))


def test_that_rows_are_matched_by_id_as_omero_desk_and_omero_write_it() -> None:
    block = from_file(b"Image ID,dose\nImage:1,1\n 002,2\n-3,3\n" + "\N{FULLWIDTH DIGIT FOUR},4\n".encode())
    place, by = guess(block)
    found = match(block, place, by, [image(1), image(2), image(3), image(4)])
    assert found.texts == {(1, DOSE): "1", (2, DOSE): "2"}
    assert found.missing == (4, 5)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(a?a?)*b", "((ab)*)*c", "(.*)*x", "((a{1,9}){9}){9}b"])
def test_that_a_pattern_whose_work_is_not_bounded_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="very long"):
        replaced([(1, "a" * 40)], Replacing(pattern, "", is_pattern=True))


@pytest.mark.parametrize("pattern", [r"(\d+) nM", "^x", "a|b", r"(?i)[abc]{1,3}", r"\bdose\b", "(ab)+", "a.*b"])
def test_that_usual_patterns_are_allowed(pattern: str) -> None:
    assert longest_cell(pattern) >= 1000


def test_that_a_cell_that_is_too_long_for_its_pattern_is_left_and_counted() -> None:
    found = replaced([(1, "x" * 5000 + "b"), (2, "axxb")], Replacing("a.*x.*b", "", is_pattern=True))
    assert (found.texts, found.too_long) == ({2: ""}, 1)


def test_that_replacing_ends_when_its_time_is_over() -> None:
    times = iter([0.0, 0.5, 3.0])
    found = replaced([(1, "a"), (2, "a"), (3, "a")], Replacing("a", "b"), lambda: next(times))
    assert (found.texts, found.is_late) == ({1: "b"}, True)


def test_that_plain_words_are_no_pattern_and_their_replacement_no_template() -> None:
    found = replaced([(1, "1.5 nM"), (2, "1x5 NM")], Replacing("1.5 nm", r"\1"))
    assert found.texts == {1: r"\1"}
    assert replaced([(1, "aa"), (2, "a")], Replacing("a", "b", whole_cell=True)).texts == {2: "b"}
    with pytest.raises(PatternError, match="not a pattern"):
        replaced([(1, "a")], Replacing("a", r"\7", is_pattern=True))


@given(st.text(max_size=20), st.text(max_size=20))
def test_that_a_replacement_never_fails_but_in_words(pattern: str, by: str) -> None:
    try:
        replaced([(1, "some text"), (2, "")], Replacing(pattern, by, is_pattern=True))
    except PatternError as error:
        assert str(error)


@given(st.lists(st.dictionaries(st.integers(1, 3), st.one_of(st.none(), TEXTS)), max_size=6))
def test_that_undo_takes_back_all_steps_and_redo_makes_them_again(steps: list[dict[int, str | None]]) -> None:
    model = ChangesModel()
    for step in steps:
        model.set({(identity, DOSE): text for identity, text in step.items()})
    after = dict(model.texts)
    while model.can_undo:
        model.undo()
    assert (dict(model.texts), model.images) == ({}, 0)
    while model.can_redo:
        model.redo()
    assert dict(model.texts) == after
    assert model.images == len({identity for identity, _column in after})
    ends_with_the_test(model)


def test_that_changes_become_edits_of_one_image_and_of_all_that_get_the_same() -> None:
    entities = {identity: image(identity) for identity in (1, 2, 3)}
    rows = {
        1: SheetRow((SheetTag(9, "old", True),), {"dose": ("1",)}, 7, (("dose", "1"), ("x", "y"))),
        2: SheetRow((SheetTag(9, "old", True),)),
        3: SheetRow(),
    }
    texts = {
        (1, DOSE): "2",
        (2, DOSE): "2",
        (1, TAGS): "new",
        (2, TAGS): "new; old",
        (1, RATING): "3",
        (3, RATING): "3",
        (2, RATING): "",
        (3, NAME): "other",
    }
    refs = {identity: entity.ref for identity, entity in entities.items()}
    plans = planned(texts, entities, rows)
    assert [plan.edit for plan in plans] == [
        Rename(refs[3], "other", "image 3"),
        SetManyPairs(
            (refs[1], refs[2]),
            (7, None),
            ((("dose", "2"), ("x", "y")), (("dose", "2"),)),
            ((("dose", "1"), ("x", "y")), ()),
        ),
        AddTag((refs[1], refs[2]), "new"),
        TakeOff((refs[1],), "Tag", 9, "old"),
        SetRating((refs[1], refs[3]), 3),
        SetRating((refs[2],), 0),
    ]
    assert {cell for plan in plans for cell in plan.cells} == set(texts)


def test_that_tags_with_blanks_around_them_or_without_a_letter_are_left_alone() -> None:
    odd = SheetRow((SheetTag(1, " mitotic ", True), SheetTag(2, "", False), SheetTag(3, "\n", True)))
    assert checked(TAGS, "mitotic; new", odd) == ("mitotic; new", "")
    (plan,) = planned({(1, TAGS): "mitotic; new"}, {1: image(1)}, {1: odd})
    assert plan.edit == AddTag((image(1).ref,), "new")


def test_that_images_of_two_groups_are_two_edits() -> None:
    entities = {1: image(1, group=1), 2: image(2, group=2)}
    plans = planned({(1, RATING): "1", (2, RATING): "1"}, entities, {})
    assert [plan.edit.refs for plan in plans] == [(entities[1].ref,), (entities[2].ref,)]


def test_that_pairs_of_more_images_or_texts_than_a_message_takes_are_several_edits() -> None:
    entities = {identity: image(identity) for identity in range(1, 1_502)}
    plans = planned({(identity, DOSE): "1" for identity in entities}, entities, {})
    assert [len(plan.edit.refs) for plan in plans] == [1_000, 501]
    long = planned({(identity, DOSE): "x" * 900_000 for identity in range(1, 8)}, entities, {})
    assert [len(plan.edit.refs) for plan in long] == [4, 3]
    assert [cell for plan in long for cell in plan.cells] == [(identity, DOSE) for identity in range(1, 8)]


def test_that_only_changed_keys_change_and_doubled_keys_and_the_order_stay() -> None:
    pairs = (("k", "1"), ("a", "2"), ("k", "3"), ("b", "4"))
    assert with_values(pairs, {"a": ("5",), "b": (), "new": ("6",)}) == (
        ("k", "1"),
        ("a", "5"),
        ("k", "3"),
        ("new", "6"),
    )
    assert with_values(pairs, {"k": ("3",)}) == (("k", "3"), ("a", "2"), ("b", "4"))
    rows = {1: SheetRow(values={"k": ("1", "3"), "a": ("2",), "b": ("4",)}, own_id=9, own=pairs)}
    (plan,) = planned({(1, Column(Field.KEY, "a")): ""}, {1: image(1)}, rows)
    assert plan.edit == SetManyPairs((image(1).ref,), (9,), ((("k", "1"), ("k", "3"), ("b", "4")),), (pairs,))


def test_that_a_cell_says_why_it_cannot_be_changed() -> None:
    mine, theirs = image(1), image(2, rights=False)
    foreign = SheetRow(values={"dose": ("1",)})
    several = SheetRow(values={"dose": ("1", "2")}, own_id=1, own=(("dose", "1"),))
    assert why_not(DOSE, mine, SheetRow()) == ""
    assert "not read yet" in why_not(DOSE, mine, None)
    assert "of your own" in why_not(DOSE, mine, foreign)
    assert "several values" in why_not(DOSE, mine, several)
    assert text_of(DOSE, mine, several, None) == "1; 2"
    assert "annotate" in why_not(TAGS, theirs, SheetRow())
    assert "rename" in why_not(NAME, theirs, SheetRow())
    assert "semicolon" in why_not(TAGS, mine, SheetRow((SheetTag(1, "a;b", True),)))


def test_that_what_is_typed_is_checked() -> None:
    stuck = SheetRow((SheetTag(1, "theirs"),))
    assert checked(TAGS, " b;a ; b;", SheetRow()) == ("a; b", "")
    assert "theirs" in checked(TAGS, "mine", stuck)[1]
    assert checked(RATING, " 05 ", None) == ("5", "")
    assert checked(RATING, "0", None) == ("", "")
    assert checked(RATING, "6", None)[1]
    assert checked(RATING, "²", None)[1]
    assert checked(NAME, " ", None)[1]
    assert checked(DOSE, "a\x00", None)[1]


def test_that_cells_are_sorted_as_numbers_then_as_texts() -> None:
    texts = ["", "b", "100", "9", "-1", "a10", "a9", "nan", "1e3"]
    assert sorted(texts, key=sort_key) == ["-1", "9", "100", "1e3", "a9", "a10", "b", "nan", ""]
