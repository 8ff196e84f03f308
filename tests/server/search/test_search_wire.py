"""Searching, by unmodified clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import omero
import omero.cli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from omero.model import (
    CommentAnnotationI,
    DatasetI,
    DetailsI,
    ExperimenterI,
    FileAnnotationI,
    ImageI,
    MapAnnotationI,
    NamedValue,
    OriginalFileI,
    PlateAcquisitionI,
    PlateI,
    ProjectI,
    ScreenI,
    TagAnnotationI,
    WellI,
)
from omero.rtypes import rint, rstring, rtime, unwrap
from omero.sys import ParametersI

from tests.server.conftest import Connect, Lab

SECOND = 1_000
YEAR = 365 * 24 * 3600 * SECOND


def _word() -> str:
    return f"w{uuid4().hex}"


def _named(kind: Any, name: str, **values: Any) -> Any:
    thing = kind()
    thing.name = rstring(name)
    for key, value in values.items():
        setattr(thing, key, value)
    return thing


def _text(kind: Any, text: str) -> Any:
    note = kind()
    note.textValue = rstring(text)
    return note


def _well(plate: str) -> Any:
    well = WellI()
    well.plate = _named(PlateI, plate)
    well.row, well.column = rint(0), rint(1)
    return well


@pytest.fixture
def ada(connect: Connect) -> Any:
    return connect("ada", group="shared lab")


@pytest.fixture
def search(ada: Any) -> Iterator[Any]:
    service = ada.sf.createSearchService()
    yield service
    service.close()


def _save(client: Any, *things: Any) -> list[Any]:
    return list(client.sf.getUpdateService().saveAndReturnArray(list(things)))


def _all(search: Any) -> list[Any]:
    found = []
    while search.hasNext():
        found += search.results()
    return found


def _ids(search: Any) -> list[int]:
    return [one.id.val for one in _all(search)]


@pytest.mark.parametrize("kind", ["Project", "Dataset", "Image", "Screen", "Plate", "PlateAcquisition", "Well"])
def test_that_the_gateway_finds_every_kind_by_what_it_is_annotated_with(ada: Any, sign_in: Connect, kind: str) -> None:
    word = _word()
    makers: dict[str, Callable[[str], Any]] = {
        "Project": lambda name: _named(ProjectI, name),
        "Dataset": lambda name: _named(DatasetI, name),
        "Image": lambda name: _named(ImageI, name),
        "Screen": lambda name: _named(ScreenI, name),
        "Plate": lambda name: _named(PlateI, name),
        "PlateAcquisition": lambda name: _named(PlateAcquisitionI, name, plate=_named(PlateI, "p")),
        "Well": _well,
    }
    thing, other = makers[kind](f"{word}1_of.two"), makers[kind]("x")
    other.linkAnnotation(_text(TagAnnotationI, f"a {word}2 tag"))
    first, second = _save(ada, thing, other)
    gateway = sign_in("ada", group="shared lab")
    by_tag = gateway.searchObjects([kind], f"tag:{word}2")
    assert [one.id for one in by_tag] == [second.id.val]
    assert type(by_tag[0]) is type(gateway.getObject(kind, second.id.val))
    if kind != "Well":
        assert [one.id for one in gateway.searchObjects([kind], f"{word}1")] == [first.id.val]
        fields = ("name", "description")
        assert [one.id for one in gateway.searchObjects([kind], f"{word}1", fields=fields, rawQuery=False)] == [
            first.id.val
        ]
    assert gateway.searchObjects([kind], f"{word}2", fields=("name",), rawQuery=False) == []


def test_that_the_gateway_restricts_by_owner_group_and_time(connect: Connect, sign_in: Connect, lab: Lab) -> None:
    word = _word()
    (mine,) = _save(connect("ada", group="shared lab"), _named(ImageI, word, acquisitionDate=rtime(40 * YEAR)))
    (bens,) = _save(connect("ben", group="shared lab"), _named(ImageI, word))
    (private,) = _save(connect("ada", group="private lab"), _named(ImageI, word))
    gateway = sign_in("ada", group="shared lab")

    def found(**options: Any) -> list[int]:
        return sorted(one.id for one in gateway.searchObjects(["Image"], word, **options))

    assert found() == [mine.id.val, bens.id.val]
    assert found(searchGroup="-1") == [mine.id.val, bens.id.val, private.id.val]
    assert found(searchGroup=str(lab.private)) == [private.id.val]
    (one,) = gateway.searchObjects(["Image"], word, searchGroup=str(lab.private))
    assert one._obj.details.group.name.val == "private lab", "OMERO.web shows it without a question of its own"
    assert found(ownedBy=lab.ben) == [bens.id.val]
    assert found(ownedBy=lab.ben, searchGroup=str(lab.private)) == []
    assert found(created=(rtime(0), rtime(YEAR))) == []
    assert found(created=(rtime(0), rtime(200 * YEAR))) == [mine.id.val, bens.id.val]
    acquired = {"rawQuery": False, "useAcquisitionDate": True}
    assert found(created=(rtime(39 * YEAR), rtime(41 * YEAR)), **acquired) == [mine.id.val]
    assert found(created=(rtime(41 * YEAR), None), **acquired) == []


def test_that_what_may_not_be_seen_is_not_found(connect: Connect, sign_in: Connect) -> None:
    word = _word()
    (image,) = _save(connect("ada", group="private lab"), _named(ImageI, word))
    assert sign_in("ben", group="private lab").searchObjects(["Image"], word, searchGroup="-1") == []
    assert [one.id for one in sign_in("ada").searchObjects(["Image"], word, searchGroup="-1")] == [image.id.val]


def test_that_pages_of_the_gateway_hold_everything_once(ada: Any, sign_in: Connect) -> None:
    word = _word()
    saved = [one.id.val for one in _save(ada, *(_named(DatasetI, f"{word} {n}") for n in range(7)))]
    gateway = sign_in("ada", group="shared lab")
    pages = [gateway.searchObjects(["Dataset"], word, batchSize=3, page=n) for n in range(4)]
    assert [[one.id for one in page] for page in pages] == [saved[:3], saved[3:6], saved[6:], []]


def test_that_key_value_pairs_files_and_comments_are_fields(ada: Any, search: Any) -> None:
    word = _word()
    image = _named(ImageI, "plain")
    pairs = MapAnnotationI()
    pairs.mapValue = [NamedValue("Gene name", f"{word} TP53"), NamedValue("Gene name", "BRCA2")]
    file = FileAnnotationI()
    file.file = OriginalFileI()
    file.file.name, file.file.path, file.file.mimetype = rstring(f"{word}-a.csv"), rstring("in/"), rstring("text/csv")
    for note in (pairs, file, _text(CommentAnnotationI, f"nice {word} here")):
        image.linkAnnotation(note)
    (image,) = _save(ada, image)
    search.onlyType("Image")
    for query in (
        f"Gene\\ name:{word}",
        f"+{word} +tp53",
        f"file.name:{word} AND file.format:csv",
        f'annotation:"nice {word} here"',
        f"+has_key:gene +{word}",
        f"+annotation.type:MapAnnotation +{word}",
        f"+details.owner.omeName:ada +{word}",
        f"{word} AND NOT nothing",
        f"{word[:-1]}? && annotation:nice",
    ):
        search.byFullText(query)
        assert _ids(search) == [image.id.val], query
    for query in (f"name:{word}", f"tag:{word}", f"{word} -tp53", f"Gene\\ name:{word} AND x:y", f"Gene:{word}"):
        search.byFullText(query)
        assert not search.hasNext(), query


def test_that_what_is_deleted_or_renamed_is_no_longer_found(ada: Any, search: Any) -> None:
    word = _word()
    (one, two) = _save(ada, _named(DatasetI, word), _named(DatasetI, word))
    one.name = rstring("another")
    _save(ada, one)
    ada.sf.getUpdateService().deleteObject(two)
    search.onlyType("Dataset")
    search.byFullText(word)
    assert not search.hasNext()


def test_that_an_object_gone_between_two_calls_is_left_out(ada: Any, search: Any) -> None:
    word = _word()
    one, two = _save(ada, _named(DatasetI, word), _named(DatasetI, word))
    search.onlyType("Dataset")
    search.byFullText(word)
    assert search.hasNext()
    ada.sf.getUpdateService().deleteObject(one)
    assert search.next().id.val == two.id.val


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "must be non-empty"),
        ("*", "leading wildcard"),
        ("*ending", "leading wildcard"),
        ("?ending", "leading wildcard"),
        ("name:*ending", "not allowed as first character"),
        ("(open", "caused a parse exception"),
        ("a:b:c", "caused a parse exception"),
        ("a AND", "caused a parse exception"),
        ('"open', "caused a parse exception"),
        ("+", "caused a parse exception"),
    ],
)
def test_that_a_wrong_query_is_refused_as_omero_does(search: Any, query: str, reason: str) -> None:
    search.onlyType("Image")
    with pytest.raises(omero.ApiUsageException) as caught:
        search.byFullText(query)
    assert reason in caught.value.message
    assert search.activeQueries() == 0


def test_that_misuse_is_refused(search: Any) -> None:
    with pytest.raises(omero.ApiUsageException, match="currently limited to a single type"):
        search.byFullText("a")
    search.onlyTypes(["Image", "Dataset"])
    with pytest.raises(omero.ApiUsageException, match="currently limited to a single type"):
        search.byFullText("a")
    with pytest.raises(omero.ApiUsageException, match="valid class"):
        search.onlyType("Picture")
    search.onlyType("Image")
    with pytest.raises(omero.ApiUsageException, match="YYYYMMDD"):
        search.byLuceneQueryBuilder("", "yesterday", "", "import", "a")
    with pytest.raises(omero.ApiUsageException, match="AND expression"):
        search.byLuceneQueryBuilder("", "", "", "import", "a AND")
    with pytest.raises(omero.ApiUsageException, match="No elements"):
        search.results()
    with pytest.raises(omero.ApiUsageException, match="No element"):
        search.next()
    for refused in (search.allTypes, search.currentMetadata, search.currentMetadataList, search.remove):
        with pytest.raises(omero.InternalException, match="UnsupportedOperation"):
            refused()
    with pytest.raises(omero.InternalException, match="UnsupportedOperation"):
        search.setUseProjections(True)
    search._and()
    with pytest.raises(omero.ApiUsageException, match="at least 1 active query"):
        search.byFullText("a")


def test_that_settings_are_kept_until_they_are_reset(search: Any) -> None:
    def read() -> list[Any]:
        return [
            search.getBatchSize(),
            search.isCaseSensitive(),
            search.isMergedBatches(),
            search.isReturnUnloaded(),
            search.isUseProjections(),
            search.isAllowLeadingWildcard(),
        ]

    assert read() == [1000, False, False, False, False, False]
    search.setBatchSize(3)
    search.setCaseSensitive(True)
    search.setMergedBatches(True)
    search.setReturnUnloaded(True)
    search.setAllowLeadingWildcard(True)
    assert read() == [3, True, True, True, False, True]
    search.resetDefaults()
    assert read() == [1000, False, False, False, False, False]


def test_that_objects_come_in_batches_or_one_by_one_and_queries_wait(ada: Any, search: Any) -> None:
    word = _word()
    images = [one.id.val for one in _save(ada, *(_named(ImageI, f"{word}a {n}") for n in range(4)))]
    (project,) = _save(ada, _named(ProjectI, f"{word}b"))
    search.setBatchSize(3)
    search.onlyType("Image")
    search.byFullText(f"{word}a")
    search.onlyType("Project")
    search.byFullText(f"{word}b")
    assert search.activeQueries() == 2
    assert [one.id.val for one in search.results()] == images[:3]
    assert search.activeQueries() == 1
    assert [one.id.val for one in search.results()] == [images[3], project.id.val]
    assert not search.hasNext()
    search.byFullText(f"{word}b")
    search.clearQueries()
    assert not search.hasNext()
    search.setReturnUnloaded(True)
    search.byFullText(f"{word}b")
    found = search.next()
    assert (found.id.val, found.isLoaded()) == (project.id.val, False)


def test_that_the_best_ones_come_first_and_another_order_can_be_asked_for(ada: Any, search: Any) -> None:
    one, two = _word(), _word()
    saved = _save(ada, *(_named(ImageI, name) for name in (f"c {one}", f"a {two}", f"b {one} {two}")))
    first, second, third = (image.id.val for image in saved)
    search.onlyType("Image")
    search.byFullText(f"{one} {two}")
    assert _ids(search) == [third, first, second]
    search.addOrderByAsc("name")
    search.byFullText(f"{one} {two}")
    assert _ids(search) == [second, third, first]
    search.unordered()
    search.addOrderByDesc("details.creationEvent.time")
    search.addOrderByDesc("id")
    search.byFullText(f"{one} {two}")
    assert _ids(search) == [third, second, first]
    search.unordered()
    search.addOrderByAsc("id) or (1=1")
    search.byFullText(one)
    with pytest.raises(omero.ApiUsageException, match="no path"):
        search.hasNext()


def test_that_queries_can_be_combined(ada: Any, search: Any) -> None:
    one, two = _word(), _word()
    a, b, both = (image.id.val for image in _save(ada, *(_named(ImageI, n) for n in (one, two, f"{one} {two}"))))
    search.onlyType("Image")
    expected = {"or": [a, both, b, both], "and": [both], "not": [a]}
    for how, ids in expected.items():
        search.byFullText(one)
        getattr(search, f"_{how}")()
        search.byFullText(two)
        assert search.activeQueries() == 1
        assert _ids(search) == ids, how
    search.byFullText(one)
    search._and()
    search.byHqlQuery("select i from Image i where i.id in (:IDLIST) and i.name like '% %'", None)
    assert _ids(search) == [both]
    search.bySomeMustNone([one, two], [], [one])
    assert _ids(search) == [b]
    search.bySomeMustNone([], [one, two], [])
    assert _ids(search) == [both]


def test_that_annotations_restrict_and_come_along(connect: Connect, lab: Lab, ada: Any, search: Any) -> None:
    word = _word()
    tagged, commented, bare = (_named(ImageI, word) for _ in range(3))
    tagged.linkAnnotation(_text(TagAnnotationI, f"{word} tag"))
    commented.linkAnnotation(_text(CommentAnnotationI, f"{word} comment"))
    tagged, commented, bare = (one.id.val for one in _save(ada, tagged, commented, bare))
    search.onlyType("Image")

    def found() -> list[int]:
        search.byFullText(f"name:{word}")
        return _ids(search)

    search.onlyAnnotatedWith(["TagAnnotation"])
    assert found() == [tagged]
    search.onlyAnnotatedWith([])
    assert found() == [bare]
    search.resetDefaults()
    search.onlyType("Image")
    by = DetailsI()
    by.owner = ExperimenterI(lab.ada, False)
    search.onlyAnnotatedBy(by)
    assert found() == [tagged, commented]
    search.onlyAnnotatedBy(None)
    search.notAnnotatedBy(by)
    assert found() == []
    search.notAnnotatedBy(None)
    search.onlyAnnotatedBetween(rtime(0), rtime(YEAR))
    assert found() == []
    search.onlyAnnotatedBetween(rtime(YEAR), None)
    assert found() == [tagged, commented]
    search.onlyAnnotatedBetween(None, None)
    search.onlyIds([bare, tagged])
    assert found() == [tagged, bare]
    search.onlyIds(None)
    search.byAnnotatedWith([_text(TagAnnotationI, f"{word} tag")])
    assert _ids(search) == [tagged]
    search.byAnnotatedWith([_text(TagAnnotationI, f"{word} tag"), CommentAnnotationI()])
    assert _ids(search) == []
    search.fetchAnnotations(["TagAnnotation"])
    search.byFullText(f"tag:{word}")
    (image,) = _all(search)
    assert [unwrap(note.textValue) for note in image.linkedAnnotationList()] == [f"{word} tag"]


def test_that_other_owners_and_later_changes_are_left_out(ada: Any, lab: Lab, search: Any) -> None:
    word = _word()
    (image,) = _save(ada, _named(ImageI, word))
    search.onlyType("Image")
    mine = DetailsI()
    mine.owner = ExperimenterI(lab.ada, False)
    search.notOwnedBy(mine)
    search.byFullText(word)
    assert _ids(search) == []
    search.notOwnedBy(None)
    search.onlyOwnedBy(mine)
    search.onlyModifiedBetween(rtime(YEAR), None)
    search.byFullText(word)
    assert _ids(search) == [image.id.val]
    search.onlyModifiedBetween(None, rtime(YEAR))
    search.byFullText(word)
    assert _ids(search) == []


def test_that_tags_of_sets_and_similar_words_are_found(ada: Any, search: Any) -> None:
    word = _word()
    parent = _text(TagAnnotationI, f"{word} set")
    parent.linkAnnotation(_text(TagAnnotationI, f"{word} tag"))
    _save(ada, parent, _named(ImageI, f"{word} image"))
    search.byTagForGroups(f"{word} set")
    (tag,) = _all(search)
    assert (unwrap(tag.textValue), tag.id) == (f"{word} tag", None)
    search.byGroupForTags(f"{word} tag")
    assert [unwrap(one.textValue) for one in _all(search)] == [f"{word} set"]
    search.onlyType("Image")
    search.bySimilarTerms([word[:-2]])
    assert word in [unwrap(one.textValue) for one in _all(search)]


def test_that_the_query_service_searches_too(ada: Any) -> None:
    word = _word()
    saved = [one.id.val for one in _save(ada, *(_named(ProjectI, f"{word} {n}") for n in range(3)))]
    query = ada.sf.getQueryService()
    assert [one.id.val for one in query.findAllByFullText("Project", word, None)] == saved
    assert [one.id.val for one in query.findAllByFullText("Project", word, ParametersI().page(0, 2))] == saved[:2]
    with pytest.raises(omero.ApiUsageException, match="parse exception"):
        query.findAllByFullText("Project", "(", None)


def test_that_the_command_line_searches(
    ada: Any, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    word = _word()
    (image,) = _save(ada, _named(ImageI, f"{word}_a.tif"))
    monkeypatch.setenv("OMERO_USERDIR", str(tmp_path))
    session = ada.getSessionId()
    login = ["-s", lab.server.host, "-p", str(lab.server.ssl_port), "-k", session]

    def run(*arguments: str) -> str:
        cli = omero.cli.CLI()
        cli.loadplugins()
        cli.invoke([*arguments, *login])
        cli.close()
        return capsys.readouterr().out

    for words in ((word,), (f"{word}*",), (f"*{word[3:]}",), (word, "--field", "name"), (f"name:{word}", "--no-parse")):
        out = (
            run("search", "Image", *words, "--ids-only")
            if "--field" not in words
            else run("search", "--ids-only", "Image", word, "--field", "name", "description")
        )
        assert str(image.id.val) in out, words
    assert str(image.id.val) not in run("search", "Image", word, "--from", "2001-01-01", "--to", "2001-01-02")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.sampled_from("ab*?~\"+-!&|():[]{}^\\ \t1.ANDORTO_ü👍'"), max_size=25) | st.text(max_size=40))
def test_that_no_text_harms_the_server(lab: Lab, fuzzed: Any, text: str) -> None:
    """What is no query is refused; what is one is answered."""
    fuzzed.onlyType("Image")
    searches: tuple[Callable[[], object], ...] = (
        lambda: fuzzed.byFullText(text.encode("utf-8", "ignore").decode()),
        lambda: fuzzed.byLuceneQueryBuilder("name,tag", "", "", "import", text.encode("utf-8", "ignore").decode()),
    )
    for ask in searches:
        try:
            ask()
            if fuzzed.hasNext():
                fuzzed.results()
        except omero.ApiUsageException as refused:
            assert refused.message
    fuzzed.clearQueries()


@pytest.fixture(scope="module")
def fuzzed(lab: Lab) -> Iterator[Any]:
    client = omero.client(host="localhost", port=lab.server.ssl_port)
    client.createSession("ada", "ada")
    service = client.sf.createSearchService()
    service.setAllowLeadingWildcard(True)
    yield service
    client.closeSession()


def test_that_an_id_and_its_events_are_fields(ada: Any, search: Any) -> None:
    (image,) = _save(ada, _named(ImageI, _word()))
    search.onlyType("Image")
    event = image.details.creationEvent.id.val
    search.byFullText(f"id:{image.id.val} AND details.creationEvent.id:{event}")
    assert _ids(search) == [image.id.val]
