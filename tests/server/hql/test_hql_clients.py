"""What clients write: each construct in an example of our own, and what stands in the installed omero-py."""

from __future__ import annotations

import ast as python
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import omero
import pytest
from omero import rtypes

from tests.server.hql.conftest import DAY, Library
from tests.support.present import present

QUERY = re.compile(r"\s*(select\s.*\sfrom|from)\s+[A-Z]\w+\s.*", re.IGNORECASE | re.DOTALL)
# Sentences that look like queries, queries that end in a variable, and one that is misspelt.
NO_QUERIES = re.compile(r"from \w+:|,%s|orderby|[,=']$|where$")


def literals() -> Iterator[str]:
    """Every HQL text in omero-py that is whole, with something put where it formats values in."""
    for path in sorted(Path(omero.__file__).parent.rglob("*.py")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = python.parse(path.read_text("utf-8"))
        for node in python.walk(tree):
            if isinstance(node, python.Constant) and isinstance(node.value, str) and QUERY.match(node.value):
                text = re.sub(r"(?<=\))%s", "", node.value)
                text = re.sub(r"%s(?=Annotation)|%\(\w+\)s", "Image", text)
                if "%s" not in text and not NO_QUERIES.search(text.strip()):
                    yield " ".join(re.sub(r"%[di]", "1", text).split())


LITERALS = sorted(set(literals()))


def arguments(hql: str) -> dict[str, Any]:
    """A value for each parameter of a query, a list where it stands behind `in`."""
    names = set(re.findall(r":(\w+)", hql))
    return {name: [1, 2] if re.search(rf"\bin\s*\(?\s*:{name}\b", hql, re.IGNORECASE) else 1 for name in names}


def test_that_omero_py_has_queries_to_ask() -> None:
    assert len(LITERALS) > 90


@pytest.mark.parametrize("hql", LITERALS)
def test_that_every_query_of_omero_py_is_answered(library: Library, hql: str) -> None:
    assert library.project(hql, limit=5, **arguments(hql)) is not None


EXAMPLES: list[tuple[str, list[Any]]] = [
    ("from Project p order by lower(p.name)", ["apple", "Zebra"]),
    ("SELECT d.name FROM Dataset d JOIN d.projectLinks l WHERE l.parent.name = 'Zebra' ORDER BY d.name", ["d1", "d2"]),
    ("select name from Project where id = 1", ["Zebra"]),
    ("select count(id) from Image where name like 'Image%'", [6]),
    ("select i.fileset.id from Image i where i.id in (1, 3) order by i.id", [1, None]),
    ("select i.id from Image i, DatasetImageLink l where l.child = i and l.parent = 1 order by i.id", [1, 3, 5]),
    ("select ann.id from ImageAnnotationLink l join l.child ann where l.parent = 1 and ann.class != TagAnnotation "
     "order by ann.id", [2, 3]),
    ("select an.textValue from Annotation an where TYPE(an) = TagAnnotation", ["good"]),
    ("select an.textValue from Annotation an where type(an) in (TagAnnotation, LongAnnotation)", [None, "good"]),
    ("select mv.value from MapAnnotation a join a.mapValue as mv where mv.name = 'k' order by index(mv)", ["v", "w"]),
    ("select a.file.name from FileAnnotation a", ["a.txt"]),
    ("select i.id from Image i where i.name = 'Image5' and not exists (select 1 from DatasetImageLink l "
     "where l.child = i.id)", [6]),
    ("select d.name from Dataset d where d.id not in (select pl.child.id from ProjectDatasetLink pl)", ["lonely"]),
    ("select max(index(ws)) - min(index(ws)) from Well w join w.wellSamples ws", [2]),
    ("select ws.image.id from Well w join w.wellSamples ws where index(ws) = 0", [3]),
    ("select ws.image.id from Well w join w.wellSamples ws where index(ws) = maxindex(w.wellSamples)", [1]),
    ("select c.logicalChannel.name from Pixels p join p.channels c order by index(c)", ["blue", "green", "red"]),
    ("select coalesce(i.description, i.name) from Image i where i.id < 3 order by i.id", ["50%_0", "Image1"]),
    ("select case when i.series > 4 then 'late' else 'early' end from Image i where i.id in (1, 6) order by i.id",
     ["early", "late"]),
    ("select cast(i.series as double) / 2 from Image i where i.id = 2", [0.5]),
    ("select extract(epoch from i.acquisitionDate) + i.series / 2 from Image i where i.id = 5", [DAY // 1000 + 2]),
    ("select i.name || ' (' || cast(i.id as string) || ')' from Image i where i.id = 1", ["Image0 (1)"]),
    ("select d.name from Dataset d join d.imageLinks l group by d.name having count(l) > 2", ["d1"]),
    ("select d.name from Dataset d where (select count(l) from DatasetImageLink l where l.parent = d) = 0", ["lonely"]),
    ("select size(f.images) from Fileset f", [2]),
    ("select f.images.size from Fileset f", [2]),
    ("select l.child.name from DatasetImageLink l, Dataset d where l member of d.imageLinks and d.name = 'd2' "
     "order by l.child.name", ["Image1", "Image3"]),
    ("select d.name from DatasetImageLink l, Dataset d where l in elements(d.imageLinks) and l.child = 2", ["d2"]),
    ("select d.name from Dataset d where not exists elements(d.imageLinks)", ["lonely"]),
    ("select i.name from Image i where i.id = any (select l.child.id from DatasetImageLink l where l.parent = 2) "
     "order by i.id", ["Image1", "Image3"]),
    ("select i.name from Image i where i.id <> all (select l.child.id from DatasetImageLink l) order by i.id",
     ["Image5", "shared by ben"]),
    ("select i.pixels from Image i", [1]),
    ("select elements(d.projectLinks) from Dataset d where d.name = 'd2'", [2, 3]),
    ("select i.name from Image i where i.acquisitionDate between '2023-11-14' and '2023-11-14 22:13:20.001' "
     "order by i.id", ["Image0", "Image1"]),
    ("select i.name from Image i where i.acquisitionDate > '2123-01-01'", []),
    ("select locate('ag', i.name) from Image i where i.id = 1", [3]),
    ("select i.id from Image i fetch all properties where i.id = 1", [1]),
    ("select i.name from Image i where current_timestamp() < i.acquisitionDate", []),
    ("select p.physicalSizeX.value from Pixels p where p.physicalSizeX.unit = 'MICROMETER'", [0.5]),
]  # fmt: skip


def flat(row: list[Any]) -> Any:
    """The one value of a row; of an object its name or id."""
    value = rtypes.unwrap(row[0]) if row and not isinstance(row[0], omero.RObject) else row[0] if row else None
    if not isinstance(value, omero.RObject):
        return value
    name = getattr(value.val, "name", None)
    return present(value.val).id.val if name is None else name.val


@pytest.mark.parametrize(("hql", "expected"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_that_a_construct_of_clients_is_answered(library: Library, hql: str, expected: list[Any]) -> None:
    found = [flat(row) for row in library.project(hql)]
    in_order = "order by" in hql
    assert found == expected if in_order else sorted(found, key=str) == sorted(expected, key=str)


def test_that_a_quantity_is_a_map_of_its_number_and_unit(library: Library) -> None:
    ((size,),) = library.project("select p.physicalSizeX from Pixels p")
    assert rtypes.unwrap(size) == {"value": 0.5, "unit": "MICROMETER", "symbol": "µm"}
    assert isinstance(size.val["value"], omero.RDouble)


@pytest.mark.parametrize(
    ("hql", "refusal"),
    [
        (
            "select i from Image i where i.id >= all (select l.child.id from DatasetImageLink l)",
            omero.ApiUsageException,
        ),
        ("select i from Image i where i.acquisitionDate > 'yesterday'", omero.ApiUsageException),
        ("select a.mapValue from MapAnnotation a", omero.ApiUsageException),
        ("from PlaneInfo as p orderby p.deltaT", omero.QueryException),
        ("select i from Image i where i.id = :nothing", omero.ApiUsageException),
        ("update Image set name = 'x'", omero.QueryException),
        ("delete from Image", omero.QueryException),
    ],
)
def test_that_what_is_no_query_is_refused_with_its_reason(library: Library, hql: str, refusal: type[Any]) -> None:
    with pytest.raises(refusal) as refused:
        library.project(hql)
    assert refused.value.message
