"""Who finds what: the security filter on sources, joins and subselects."""

from __future__ import annotations

import omero
import pytest

from tests.server.hql.conftest import Library

SECRET = "select i.name from Image i where i.name = 'secret'"


@pytest.mark.parametrize(
    ("user", "group", "found"),
    [
        ("ben", "private", 1),
        ("ben", "all", 1),
        ("ben", "shared", 0),
        ("ada", "private", 0),
        ("ada", "all", 0),
        ("root", "all", 1),
    ],
)
def test_that_a_private_row_is_its_owners(library: Library, user: str, group: str, found: int) -> None:
    number = -1 if group == "all" else library.groups[group]
    assert len(library.values(SECRET, user=user, group=number)) == found


def test_that_subselects_do_not_see_more(library: Library) -> None:
    count = "select (select count(*) from Image x where x.name = 'secret') from Experimenter e where e.omeName = 'ada'"
    assert library.values(count, group=-1) == [0]
    assert library.values(count, group=-1, user="ben") == [1]
    exists = f"select count(*) from Experimenter e where e.omeName = 'ada' and exists ({SECRET})"
    assert library.values(exists, group=-1) == [0]


def test_that_joined_collections_do_not_see_more(library: Library) -> None:
    private = {"owner": "ben", "group": "private"}
    with library.scratch() as connection:
        (tag,) = library.insert(connection, "TagAnnotation", {"textValue": "hidden"}, **private)
        library.insert(connection, "ImageAnnotationLink", {"parent_id": 6, "child_id": tag}, **private)
        joined = "select i.name from Image i {} join i.annotationLinks l where i.id = 6"
        assert library.rows(joined.format(""), connection=connection, group=-1) == []
        assert len(library.rows(joined.format("left outer"), connection=connection, group=-1)) == 1
        assert len(library.rows(joined.format(""), connection=connection, group=-1, user="ben")) == 1
        size = "select size(i.annotationLinks) from Image i where i.id = 6"
        assert library.values(size, connection=connection, group=-1) == [0]
        assert library.values(size, connection=connection, group=-1, user="ben") == [1]


def test_that_the_group_of_the_call_decides(library: Library) -> None:
    everywhere = "select count(*) from Image"
    counts = {g: library.values(everywhere, user="ben", group=n)[0] for g, n in library.groups.items()}
    assert counts == {"shared": 7, "private": 1}
    assert library.values(everywhere, user="ben", group=-1) == [8]


def test_that_a_relation_does_not_load_what_must_not_be_seen(library: Library) -> None:
    with library.scratch() as connection:
        (tag,) = library.insert(connection, "TagAnnotation", {"textValue": "hidden"}, owner="ben", group="private")
        library.insert(connection, "ImageAnnotationLink", {"parent_id": 6, "child_id": tag})
        query = "select l from ImageAnnotationLink l join fetch l.child where l.parent.id = 6"
        with pytest.raises(omero.SecurityViolation, match="Cannot read"):
            library.objects(query, connection=connection, group=-1)
        with pytest.raises(omero.SecurityViolation, match="Cannot read"):
            library.project("select l.child from ImageAnnotationLink l where l.parent = 6", connection=connection)
        assert len(library.objects(query, connection=connection, group=-1, user="ben")) == 1
