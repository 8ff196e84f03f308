"""What a projection answers."""

from __future__ import annotations

from typing import Any

import omero
import pytest
from omero import rtypes

from tests.server.hql.conftest import DAY, Library

PERMISSIONS = {
    "perm": "rwr---",
    "canAnnotate": True,
    "canDelete": True,
    "canEdit": True,
    "canLink": True,
    "canChgrp": True,
    "canChown": False,
}


def test_that_a_page_of_the_tree_is_one_projection(library: Library) -> None:
    rows = library.rows(
        """select new map(d.id as id, d.name as name, d.details.owner.id as ownerId, d as d_details_permissions,
             (select count(id) from DatasetImageLink l where l.parent = d.id) as childCount)
           from Dataset d join d.projectLinks pl where pl.parent.id = :pid order by lower(d.name), d.id""",
        pid=1,
    )
    ada = library.callers["ada"].user_id
    common = {"ownerId": ada, "d_details_permissions": PERMISSIONS}
    assert rows == [
        {"id": 1, "name": "d1", "childCount": 3, **common},
        {"id": 2, "name": "d2", "childCount": 2, **common},
    ]


def test_that_another_users_rows_say_what_is_not_allowed(library: Library) -> None:
    rows = library.rows("select new map(p as p_details_permissions) from Project p", user="ben")
    denied = dict.fromkeys(PERMISSIONS, False) | {"perm": "rwr---"}
    assert rows == [{"p_details_permissions": denied}] * 2


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("i.id", rtypes.rlong(1)),
        ("i.name", rtypes.rstring("Image0")),
        ("i.series", rtypes.rint(0)),
        ("i.acquisitionDate", rtypes.rtime(DAY)),
        ("i.version", rtypes.rint(0)),
        ("count(i)", rtypes.rlong(1)),
        ("sum(i.series)", rtypes.rlong(0)),
        ("avg(i.series)", rtypes.rdouble(0.0)),
        ("max(i.name)", rtypes.rstring("Image0")),
        ("min(i.acquisitionDate)", rtypes.rtime(DAY)),
        ("i.series + 1", rtypes.rint(1)),
        ("i.id + 1", rtypes.rlong(2)),
        ("i.id + 0.5", rtypes.rdouble(1.5)),
        ("i.id / 2", rtypes.rlong(0)),
        ("i.id - (1 - 3)", rtypes.rlong(3)),
        ("cast(i.id as double)", rtypes.rdouble(1.0)),
        ("cast(i.id as string)", rtypes.rstring("1")),
        ("i.name || '-' || i.id", rtypes.rstring("Image0-1")),
        ("upper(i.name)", rtypes.rstring("IMAGE0")),
        ("coalesce(i.description, 'none')", rtypes.rstring("50%_0")),
        ("extract(epoch from i.acquisitionDate)", rtypes.rint(DAY // 1000)),
        ("year(i.acquisitionDate)", rtypes.rint(2023)),
        ("case when i.series = 0 then 'first' else 'later' end", rtypes.rstring("first")),
        ("case i.series when 0 then 1.5 end", rtypes.rdouble(1.5)),
        ("size(i.datasetLinks)", rtypes.rint(1)),
        ("i.class", rtypes.rclass("ome.model.core.Image")),
        ("type(i)", rtypes.rclass("ome.model.core.Image")),
        ("i.fileset.id", rtypes.rlong(1)),
        ("i.fileset.templatePrefix", rtypes.rstring("ada/2026/")),
        ("i.details.owner.omeName", rtypes.rstring("ada")),
        ("i.details.group.name", rtypes.rstring("shared")),
        ("i.details.creationEvent.id", rtypes.rlong(0)),
        ("(select count(*) from Image)", rtypes.rlong(7)),
        ("i.name like '%ge_'", rtypes.rbool(True)),
    ],
)
def test_that_values_come_as_omeros_types(library: Library, expression: str, expected: Any) -> None:
    ((found,),) = library.project(f"select {expression} from Image i where i.id = 1")
    assert (type(found), found.val) == (type(expected), expected.val)


def test_that_an_entity_comes_as_an_object(library: Library) -> None:
    ((found, dataset),) = library.project(
        "select l.child, d from DatasetImageLink l join l.parent d where l.child.name = 'Image0'"
    )
    assert isinstance(found, omero.RObject)
    assert isinstance(found.val, omero.model.Image)
    assert (found.val.name.val, dataset.val.name.val) == ("Image0", "d1")


def test_that_a_quantity_comes_with_its_unit(library: Library) -> None:
    rows = library.rows(
        "select p.id, p.physicalSizeX, p.physicalSizeX.value, p.physicalSizeX.unit, p.timeIncrement from Pixels p"
    )
    assert rows == [(1, {"value": 0.5, "unit": "MICROMETER", "symbol": "µm"}, 0.5, "MICROMETER", None)]


def test_that_permissions_can_be_selected_by_path(library: Library) -> None:
    found = library.rows(
        "select p.name, p.details.permissions, p.details.permissions.perm1 from Project p where p.id = 1"
    )
    assert found == [("Zebra", PERMISSIONS, -120)]


def test_that_nulls_are_none_and_a_row_of_one_null_is_empty(library: Library) -> None:
    assert library.rows("select i.id, i.description from Image i where i.name = 'Image1'") == [(2, None)]
    assert library.project("select max(i.id) from Image i where i.id < 0") == [[]]


def test_that_a_foreign_key_needs_no_join_and_a_property_beyond_it_does(library: Library) -> None:
    by_id = library.rows("select i.id, i.fileset.id from Image i where i.name like 'Image%' order by i.id")
    assert by_id == [(1, 1), (2, 1), (3, None), (4, None), (5, None), (6, None)]
    assert library.values("select i.fileset.templatePrefix from Image i") == ["ada/2026/"] * 2


def test_that_orphans_are_found(library: Library) -> None:
    orphans = """select i.name from Image i where not exists (select l from DatasetImageLink l where l.child = i.id)
                 and not exists (select ws from WellSample ws where ws.image.id = i.id)
                 order by i.name"""
    assert library.values(orphans, user="ben", group=-1) == ["Image5", "secret", "shared by ben"]
    assert library.values(orphans) == ["Image5", "shared by ben"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("a.class = TagAnnotation", ["good"]),
        ("TYPE(a) = TagAnnotation", ["good"]),
        ("TagAnnotation = a.class", ["good"]),
        ("a.class in (TagAnnotation, ome.model.annotations.LongAnnotation)", ["good", None]),
        ("a.class != TagAnnotation", [None, None, None]),
        ("a.longValue > 4", [None]),
        ("a.file.name = 'a.txt'", [None]),
    ],
)
def test_that_subclasses_are_told_apart(library: Library, condition: str, names: list[str | None]) -> None:
    assert library.values(f"select a.textValue from Annotation a where {condition} order by a.id") == names


def test_that_a_subclass_is_queried_alone(library: Library) -> None:
    assert library.values("select count(*) from BasicAnnotation") == [1]
    assert library.values("select count(*) from TextAnnotation") == [1]
    assert library.values("select count(*) from Annotation") == [4]


def test_that_kinds_of_annotations_are_counted(library: Library) -> None:
    rows = library.rows(
        """select type(an.class), count(*), sum(case when an.ns is null then 1 else 0 end)
           from ImageAnnotationLink l join l.child an group by an.class having count(*) > 0 order by count(*) desc, 1"""
    )
    package = "ome.model.annotations."
    assert rows[0] == (package + "TagAnnotation", 2, 0)
    assert sorted(rows[1:]) == [
        (package + n, 1, k) for n, k in (("FileAnnotation", 1), ("LongAnnotation", 1), ("MapAnnotation", 0))
    ]


def test_that_pairs_are_rows(library: Library) -> None:
    rows = library.rows(
        """select mv.name, mv.value, index(mv) from MapAnnotation a join a.mapValue mv
           where mv.name = 'k' order by mv.value"""
    )
    assert rows == [("k", "v", 0), ("k", "w", 1)]


def test_that_positions_in_lists_are_known(library: Library) -> None:
    assert library.rows(
        """select index(ws), ws.image.name from WellSample s, Well w join w.wellSamples ws
           where ws = s order by index(ws)"""
    ) == [
        (0, "Image2"),
        (1, "Image1"),
        (2, "Image0"),
    ]
    joined = "from Well w join w.wellSamples ws where w.plate.id = 1"
    assert library.rows(f"select minIndex(ws), maxIndex(ws) {joined}") == [(0, 2)]
    assert library.values(f"select max(index(ws)) - min(index(ws)) {joined}") == [2]
    assert library.values("select maxindex(w.wellSamples) from Well w") == [2]
    assert library.values("select ws.image.name from Well w join w.wellSamples ws where index(ws) = 1") == ["Image1"]


def test_that_collections_are_asked_for_members_and_emptiness(library: Library) -> None:
    assert library.values("select d.name from Dataset d where d.projectLinks is empty") == ["lonely"]
    assert library.values("select d.name from Dataset d where d.imageLinks is not empty order by d.id") == ["d1", "d2"]
    assert library.values(
        "select d.name from Dataset d join d.imageLinks k where k member of d.imageLinks and k.id = 1"
    ) == ["d1"]
    assert library.values("select count(*) from Well w where 1 in elements(w.wellSamples)") == [1]
    assert library.values(
        "select p.name from Project p where exists (select 1 from p.datasetLinks l where l.child.name = 'd1')"
    ) == ["Zebra"]


def test_that_entities_are_compared_with_ids_and_entities(library: Library) -> None:
    assert library.values("select d.name from Dataset d, DatasetImageLink l where l.parent = d and l.child = 2") == [
        "d2"
    ]
    assert library.values(
        "select count(*) from Image i where i.details.owner = :who",
        who=omero.model.ExperimenterI(library.callers["ada"].user_id, False),
    ) == [6]
    same = "select count(*) from Image i, Pixels p where p.image = i and i.details.owner = p.details.owner"
    assert library.values(same) == [1]


def test_that_properties_need_no_alias(library: Library) -> None:
    assert library.values("select name from Project where details.owner.omeName = 'ada' order by name") == [
        "Zebra",
        "apple",
    ]


def test_that_selected_names_can_be_ordered_by(library: Library) -> None:
    assert library.values("select distinct lower(p.name) as lowered from Project p order by lowered") == [
        "apple",
        "zebra",
    ]


def test_that_nulls_come_last_and_first_when_descending(library: Library) -> None:
    ordered = "select i.description from Image i where i.name like 'Image%' order by i.description"
    assert library.values(ordered) == ["50%_0", "50%_2", "50%_4", None, None, None]
    assert library.values(ordered + " desc")[:3] == [None, None, None]


def test_that_like_regards_case_and_knows_escapes(library: Library) -> None:
    count = "select count(*) from Image i where i.description like "
    assert library.values(count + "'50\\%\\_0'") == [1]
    assert library.values(count + "'50!%%' escape '!'") == [3]
    assert library.values("select count(*) from Image i where i.name like 'image%'") == [0]
    assert library.values("select count(*) from Image i where lower(i.name) like 'image%'") == [6]


def test_that_lists_of_any_length_are_searched(library: Library) -> None:
    ids = list(range(1, 300_000, 3))
    assert library.values("select i.id from Image i where i.id in (:ids) order by i.id", ids=ids) == [1, 4]
    assert library.values("select i.id from Image i where i.id not in :ids and i.id < 4 order by i.id", ids=ids) == [
        2,
        3,
    ]
    assert library.values("select i.id from Image i where i.id in (:id)", id=3) == [3]
    assert library.values("select i.id from Image i where i.id in (:ids)", ids=[]) == []
    assert library.values("select i.id from Image i where i.name in (:names)", names=["Image1", "é'\0"]) == [2]


def test_that_rows_are_paged(library: Library) -> None:
    query = "select i.id from Image i where i.name like 'Image%' order by i.id"
    assert library.values(query, offset=2, limit=2) == [3, 4]
    assert library.values(query, limit=0) == []
    assert library.values(query, offset=4) == [5, 6]


def test_that_the_owner_of_the_filter_is_ignored(library: Library) -> None:
    """OMERO's string queries never look at it."""
    assert library.values("select count(*) from Project", owner=library.callers["ben"].user_id) == [2]


def test_that_joins_take_conditions(library: Library) -> None:
    query = """select d.name, l.child.id from Dataset d left join d.imageLinks l with l.child.id = 1
               order by d.name, l.child.id"""
    assert library.rows(query) == [("d1", 1), ("d2", None), ("lonely", None)]
    correlated = "exists (select x.id from Experimenter x join d.imageLinks k with k.child = 2)"
    assert library.values(f"select d.name from Dataset d where {correlated}") == ["d2"]


@pytest.mark.parametrize(
    ("hql", "error", "message"),
    [
        ("select x from", omero.QueryException, "Illegal query:select x from"),
        ("select i from Nope i", omero.QueryException, "Nope is not mapped"),
        (
            "select i.nope from Image i",
            omero.QueryException,
            "could not resolve property: nope of: ome.model.core.Image",
        ),
        ("select nope.id from Image i", omero.QueryException, "could not resolve property or alias"),
        ("select i from Image i join i.name n", omero.QueryException, "cannot join a value"),
        ("select i from Image i, Image i", omero.QueryException, "Duplicate definition of alias 'i'"),
        ("select i.datasetLinks.parent from Image i", omero.QueryException, "dereference collection"),
        ("select l.child from DatasetImageLink l join fetch l.parent", omero.QueryException, "join fetching"),
        ("select lower(i.name, 1) from Image i", omero.QueryException, "wrong number of arguments"),
        ("select i.id from Image i where count(*) = 1", omero.QueryException, "misuse of aggregate"),
        ("select soundex(i.name) from Image i", omero.ApiUsageException, "the function soundex()"),
        ("select i from Image i right join i.datasetLinks l", omero.ApiUsageException, "right join"),
        (
            "select i from Image i where i.id = :missing",
            omero.ApiUsageException,
            "Null parameters not allowed: missing",
        ),
        ("select i from Image i where i.id in (:ids, 1)", omero.QueryException, "list :ids"),
        (
            "select d from Dataset d where exists (from Image i left join d.imageLinks k)",
            omero.ApiUsageException,
            "outer",
        ),
    ],
)
def test_that_refusals_say_what_is_wrong(
    library: Library, hql: str, error: type[omero.ServerError], message: str
) -> None:
    with pytest.raises(error) as refused:
        library.rows(hql, **({"ids": [1]} if ":ids" in hql else {}))
    assert type(refused.value) is error
    assert message in refused.value.message
    assert hql in refused.value.message or ":missing" in hql


def test_that_a_null_parameter_is_refused(library: Library) -> None:
    with pytest.raises(omero.ApiUsageException, match="Null parameters not allowed: x"):
        library.rows("select i from Image i where i.id = :x", x=rtypes.rlong(None))
    assert library.values("select count(*) from Project", unused=rtypes.rlong(None)) == [2]


def test_that_deep_nesting_is_refused_and_not_a_crash(library: Library) -> None:
    deep = "case when i.id = 1 then 1 else " * 3000 + "0" + " end" * 3000
    with pytest.raises(omero.ApiUsageException):
        library.rows(f"select {deep} from Image i")


def test_that_what_lies_between_the_ends_of_an_outer_join_may_be_missing(library: Library) -> None:
    rows = library.rows(
        """select d.name, coalesce(above.omeName, owner.omeName), l.parent.id from Dataset d join d.details.owner owner
             left outer join d.projectLinks l left outer join l.parent.details.owner above order by d.id"""
    )
    assert rows[-1] == ("lonely", "ada", None)
    assert {row[0] for row in rows} == {"d1", "d2", "lonely"}
