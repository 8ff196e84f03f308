"""Who sees which rows, asked in HQL and by OMERO's rule in plain Python."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server.hql.conftest import Library

USERS = st.sampled_from(["root", "ada", "ben"])
OWNERS = st.sampled_from(["ada", "ben"])
GROUPS = st.sampled_from(["shared", "private"])
ROWS = st.lists(st.tuples(OWNERS, GROUPS), max_size=6)


def sees(user: str, context: str, owner: str, group: str) -> bool:
    """An administrator sees all, everybody his own, and in a group that is shared everybody everything."""
    return context in ("all", group) and (user in ("root", owner) or group == "shared")


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, user=USERS, context=st.sampled_from(["all", "shared", "private"]), data=st.data())
def test_that_everybody_sees_what_the_rule_lets_him_see(
    empty_library: Library, rows: list[tuple[str, str]], user: str, context: str, data: st.DataObject
) -> None:
    asked = {"user": user, "group": -1 if context == "all" else empty_library.groups[context]}
    seen = [sees(user, context, owner, group) for owner, group in rows]
    with empty_library.scratch() as connection:
        asked["connection"] = connection
        (dataset,) = empty_library.insert(connection, "Dataset", {"name": "d"})
        links: list[tuple[int, bool]] = []
        for number, (owner, group) in enumerate(rows):
            (image,) = empty_library.insert(connection, "Image", {"name": f"i{number}"}, owner=owner, group=group)
            details: Any = {"owner": data.draw(OWNERS), "group": data.draw(GROUPS)}
            empty_library.insert(connection, "DatasetImageLink", {"parent_id": dataset, "child_id": image}, **details)
            links.append((image, sees(user, context, **details)))
        found = empty_library.values("select i.name from Image i order by i.id", **asked)
        linked = empty_library.values("select l.child.id from DatasetImageLink l order by l.child.id", **asked)
        sizes = empty_library.rows("select i.id, size(i.datasetLinks) from Image i order by i.id", **asked)
        orphans = empty_library.values(
            "select i.id from Image i where not exists (select l from DatasetImageLink l where l.child = i)",
            **asked,
        )
    assert found == [f"i{number}" for number, is_seen in enumerate(seen) if is_seen]
    assert linked == [image for image, is_seen in links if is_seen]
    assert sizes == [(image, int(link)) for (image, link), is_seen in zip(links, seen, strict=True) if is_seen]
    assert sorted(orphans) == [
        image for (image, link), is_seen in zip(links, seen, strict=True) if is_seen and not link
    ]
