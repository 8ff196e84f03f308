"""Wrappers in installed packages, written as the documentation of BlitzGateway shows, seen through the tree's model."""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import omero.gateway
import pytest

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import ROOT, Kind, Ref
from omero_desk.gateway.annotations import counts
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.wrappers import extensions
from tests.gateway.conftest import Lab
from tests.gateway.wrappers.conftest import Install, SignIn

# https://omero.readthedocs.io/en/stable/developers/PythonBlitzGateway.html, "Overwriting and extending omero.gateway
# classes": word for word, but that "...do something" is a comment and has_key is `in`.
PAGE = '''
import omero
import omero.gateway

class MyBlitzGateway (omero.gateway.BlitzGateway):

    def __init__ (self, *args, **kwargs):
        super(MyBlitzGateway, self).__init__(*args, **kwargs)

        # ...do something, e.g. add new field...
        self.new_field = 'foo'

    def connect (self, *args, **kwargs):

        rv = super(MyBlitzGateway, self).connect(*args,**kwargs)
        if rv:
            # ...do something, e.g. modify new field...
            self.new_field = 'bla'

        return rv

omero.gateway.BlitzGateway = MyBlitzGateway

class MyBlitzObjectWrapper (object):

    annotation_counter = None

    def countAnnotations (self):
        """
        Count on annotations linked to the object and set the value
        on the custom field 'annotation_counter'.

        @return     Counter
        """

        if self.annotation_counter is not None:
            return self.annotation_counter
        else:
            container = self._conn.getContainerService()
            m = container.getCollectionCount(self._obj.__class__.__name__, type(self._obj).ANNOTATIONLINKS, [self._oid], None)
            if m[self._oid] > 0:
                self.annotation_counter = m[self._oid]
                return self.annotation_counter
            else:
                return None

class ImageWrapper (MyBlitzObjectWrapper, omero.gateway.ImageWrapper):
    """
    omero_model_ImageI class wrapper overwrite omero.gateway.ImageWrapper
    and extends MyBlitzObjectWrapper.
    """

    def __prepare__ (self, **kwargs):
        if 'annotation_counter' in kwargs:
            self.annotation_counter = kwargs['annotation_counter']

omero.gateway.ImageWrapper = ImageWrapper

# IMPORTANT to update the map of wrappers for 'Image' etc. returned by getObjects("Image")
omero.gateway.refreshWrappers()
'''  # noqa: E501 - word for word

PROJECT = """
import omero.gateway

class ProjectWrapper(omero.gateway.ProjectWrapper):
    def getName(self):
        return "My " + super().getName()

    def getDescription(self):
        return "Told by <me>"

    def listChildren(self, **kwargs):
        return (child for child in super().listChildren(**kwargs) if child.getName() == "Dataset 1")

    def countChildren(self):
        return 41

    def countAnnotations(self):
        return 42
"""

ALL_KINDS = """
import omero.gateway

class Mine(object):
    def getName(self):
        return f"My {self.OMERO_CLASS} {self.getId()}"

    def getDescription(self):
        return f"{type(self).__name__} told it"

    def countAnnotations(self):
        return 1_000 + self.getId()

    def countChildren(self):
        return 2_000 + self.getId()

for kind in ("Project", "Dataset", "Image", "Screen", "Plate", "PlateAcquisition", "Well"):
    base = getattr(omero.gateway, f"{prefix}{kind}Wrapper")
    globals()[f"Any{kind}"] = type(f"Any{kind}", (Mine, base), {})
"""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for seconds in a test."""
    monkeypatch.setattr(extensions, "PATIENCE", 0.5)
    monkeypatch.setattr(extensions, "LESS_PATIENCE", 0.2)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Let modules that hang wait for the end of the test, as `threading.omero_desk_gate`."""
    threading.omero_desk_gate = threading.Event()  # type: ignore[attr-defined]
    yield threading.omero_desk_gate  # type: ignore[attr-defined]
    threading.omero_desk_gate.set()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread.name.startswith("import "):
            thread.join(10)
    del threading.omero_desk_gate  # type: ignore[attr-defined]


async def test_that_the_example_of_the_documentation_counts_the_annotations_of_images(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    package("page_example", PAGE, {"page": "page_example"})
    shown = await sign_in()
    below = await shown.below(Ref(Kind.PROJECT, lab["project"]), Ref(Kind.DATASET, lab["dataset"]))
    assert len(below) == 25
    assert below[Ref(Kind.IMAGE, lab["image"])][:2] == ("Image1", "7")
    assert below[Ref(Kind.IMAGE, lab["other image"])][:2] == ("Image2", "1")
    assert {counted for ref, (_, counted, _) in below.items() if ref.id > lab["other image"]} == {"0"}
    assert shown.warnings == []

    def seen(session: LaneSession) -> tuple[str, int, str]:
        image = session.gateway.getObject("Image", lab["image"])
        return type(image).__module__, image.countAnnotations(), getattr(session.gateway, "new_field")  # noqa: B009 - the page adds it

    assert await shown.service.call(Lane.JOBS, seen) == ("page_example", 7, "foo")


async def test_that_the_example_still_counts_after_signing_in_again(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    silent = PAGE.replace("return self.annotation_counter", "return self.annotation_counter + 100")
    package("page_again", silent, {"page": "page_again:ImageWrapper"})
    for _ in range(2):
        shown = await sign_in()
        below = await shown.below(Ref(Kind.PROJECT, lab["project"]), Ref(Kind.DATASET, lab["dataset"]))
        assert below[Ref(Kind.IMAGE, lab["image"])][:2] == ("Image1", "107")
        assert shown.warnings == []


@pytest.mark.parametrize(
    ("base", "imports"),
    [
        ("omero.gateway.ProjectWrapper", ""),
        ("omero.gateway._ProjectWrapper", ""),
        ("ours.ProjectWrapper", "import omero_desk.gateway.wrappers as ours"),
    ],
)
async def test_that_a_wrapper_shows_its_name_description_children_and_counts_whatever_it_derives_from(
    package: Install, sign_in: SignIn, lab: Lab, base: str, imports: str
) -> None:
    source = imports + PROJECT.replace("(omero.gateway.ProjectWrapper)", f"({base})")
    package("my_project", source, {"mine": "my_project:ProjectWrapper"})
    shown = await sign_in()
    project = Ref(Kind.PROJECT, lab["project"])
    name, annotations, tooltip = (await shown.below())[project]
    assert (name, annotations) == ("My Project (41)", "42")
    assert "Description: Told by &lt;me&gt;" in tooltip
    below = await shown.below(project)
    assert list(below) == [Ref(Kind.DATASET, lab["dataset"])]
    assert below[Ref(Kind.DATASET, lab["dataset"])][:2] == ("Dataset 1 (25)", "0")
    assert shown.warnings == []


async def test_that_annotations_that_are_counted_again_are_counted_by_the_wrapper(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    silent = PAGE.replace("return self.annotation_counter", "return self.annotation_counter + 100")
    package("page_recount", silent, {"page": "page_recount"})
    shown = await sign_in()
    images = [Ref(Kind.IMAGE, lab["image"]), Ref(Kind.IMAGE, lab["other image"])]
    counted = await shown.service.call(Lane.METADATA, counts.counts, [*images, Ref(Kind.PROJECT, lab["project"])])
    assert [counts.total for counts in counted.values()] == [107, 101, 1]
    assert counted[images[0]].tags == 2
    assert shown.warnings == []


async def test_that_a_package_that_replaces_a_wrapper_without_an_entry_point_shows_too(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    package("silent_project", PROJECT, {})
    module = __import__("silent_project")
    omero.gateway.ProjectWrapper = module.ProjectWrapper
    omero.gateway.refreshWrappers()
    for _ in range(2):
        shown = await sign_in()
        assert (await shown.below())[Ref(Kind.PROJECT, lab["project"])][:2] == ("My Project (41)", "42")


@pytest.mark.parametrize("prefix", ["", "_"])
async def test_that_wrappers_of_every_kind_show(package: Install, sign_in: SignIn, lab: Lab, prefix: str) -> None:
    kinds = ("Project", "Dataset", "Image", "Screen", "Plate", "PlateAcquisition", "Well")
    name = f"all_kinds{prefix}"
    source = f"prefix = {prefix!r}\n{ALL_KINDS}"
    package(name, source, {kind.lower(): f"{name}:Any{kind}" for kind in kinds})
    shown = await sign_in()
    run = Ref(Kind.RUN, lab["first run"])
    well = Ref(Kind.WELL, lab["well"], run.id)
    screen, plate = Ref(Kind.SCREEN, lab["screen"]), Ref(Kind.PLATE, lab["plate"])
    project, dataset = Ref(Kind.PROJECT, lab["project"]), Ref(Kind.DATASET, lab["dataset"])
    paths = ((project,), (dataset, project), (Ref(Kind.IMAGE, lab["image"]), dataset, project), (screen,))
    for ref, *above in (*paths, (plate, screen), (run, plate, screen), (well, run, plate, screen)):
        text, annotations, tooltip = (await shown.below(*reversed(above)))[ref]
        assert text == f"My {ref.kind} {ref.id} ({2_000 + ref.id:,})"
        assert annotations == f"{1_000 + ref.id:,}"
        assert f"Any{ref.kind} told it" in tooltip
    assert shown.warnings == []


async def test_that_an_unknown_class_hangs_where_wrappers_list_it(package: Install, sign_in: SignIn, lab: Lab) -> None:
    source = """
    import omero.gateway, omero.model

    class ImageWrapper(omero.gateway.ImageWrapper):
        def listChildren(self, **kwargs):
            return [omero.gateway.InstrumentWrapper(self._conn, omero.model.InstrumentI(self.getId(), True))]

    class InstrumentWrapper(omero.gateway.InstrumentWrapper):
        def getName(self):
            return f"Microscope of {self.getId()}"
    """
    entries = {"image": "instruments:ImageWrapper", "instrument": "instruments:InstrumentWrapper"}
    package("instruments", source, entries)
    shown = await sign_in()
    path = Ref(Kind.PROJECT, lab["project"]), Ref(Kind.DATASET, lab["dataset"]), Ref(Kind.IMAGE, lab["image"])
    assert (await shown.below(*path[:2]))[path[2]][:2] == ("Image1", "7")
    below = await shown.below(*path)
    assert below[Ref("Instrument", lab["image"])][0] == f"Microscope of {lab['image']}"
    assert shown.warnings == []


async def test_that_the_fields_that_a_well_lists_are_shown_as_their_images(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    source = """
    import omero.gateway

    class WellWrapper(omero.gateway.WellWrapper):
        def listChildren(self, **kwargs):
            return list(super().listChildren(**kwargs))
    """
    package("listing_well", source, {"well": "listing_well:WellWrapper"})
    shown = await sign_in()
    run = Ref(Kind.RUN, lab["first run"])
    path = Ref(Kind.SCREEN, lab["screen"]), Ref(Kind.PLATE, lab["plate"]), run, Ref(Kind.WELL, lab["well"], run.id)
    assert (await shown.below(*path[:3]))[path[3]][0] == "A1 (1)"
    below = await shown.below(*path)
    assert {ref.kind for ref in below} == {Kind.IMAGE}
    assert all(text.startswith("Field in well 0") for text, _, _ in below.values())
    assert shown.warnings == []


async def test_that_errors_of_a_method_are_told_once_by_name_and_the_row_is_the_built_in_one(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    source = """
    import omero.gateway

    class DatasetWrapper(omero.gateway.DatasetWrapper):
        def getName(self):
            if super().getName() in ("Dataset 2", "Dataset 3"):
                raise SystemExit("I am tired")
            return "My " + super().getName()

        def countAnnotations(self):
            return 5

        def listChildren(self, **kwargs):
            raise KeyboardInterrupt
    """
    package("tired", source, {"tired": "tired:DatasetWrapper"})
    shown = await sign_in()
    project, dataset = Ref(Kind.PROJECT, lab["project"]), Ref(Kind.DATASET, lab["dataset"])
    rows = list((await shown.below(project)).values())
    names = [text.partition(" (")[0] for text, _, _ in rows]
    assert sorted(names) == sorted(
        ["Dataset 2", "Dataset 3", *(f"My Dataset {n}" for n in range(1, 13) if n not in (2, 3))]
    )
    assert {annotations for _, annotations, _ in rows} == {"5"}
    assert len(await shown.below(project, dataset)) == 25
    await asyncio.sleep(0)
    assert shown.warnings == [("tired (DatasetWrapper)", "SystemExit('I am tired')")]


@pytest.mark.parametrize(
    "bad",
    ["5", "b'Project'", "['Project']", "object()", "omero.rtypes.rstring('Project')"],
)
async def test_that_a_name_that_is_no_text_is_the_wrapper_s_fault(
    package: Install, sign_in: SignIn, lab: Lab, bad: str
) -> None:
    source = f"""
    import omero.gateway, omero.rtypes

    class ProjectWrapper(omero.gateway.ProjectWrapper):
        def getName(self):
            return {bad}
    """
    package("odd_name", source, {"odd": "odd_name:ProjectWrapper"})
    shown = await sign_in()
    assert (await shown.below())[Ref(Kind.PROJECT, lab["project"])][0] == "Project (12)"
    assert [name for name, _ in shown.warnings] == ["odd (ProjectWrapper)"]


@pytest.mark.parametrize("bad", ["-1", "10**30", "2.5", "'7'", "float('nan')", "None", "[]"])
async def test_that_numbers_that_count_nothing_leave_the_built_in_ones(
    package: Install, sign_in: SignIn, lab: Lab, bad: str
) -> None:
    source = f"""
    import omero.gateway

    class ProjectWrapper(omero.gateway.ProjectWrapper):
        def countChildren(self):
            return {bad}
    """
    package("odd_number", source, {"odd": "odd_number:ProjectWrapper"})
    shown = await sign_in()
    counted = (await shown.below())[Ref(Kind.PROJECT, lab["project"])][0]
    if bad == "-1":
        assert counted == "Project"  # nobody counted
    else:
        assert counted == "Project (12)"
    assert len(shown.warnings) == (bad not in ("None", "-1"))


async def test_that_texts_and_errors_of_any_length_are_cut(package: Install, sign_in: SignIn, lab: Lab) -> None:
    source = """
    import omero.gateway

    class Text(str):
        def __getitem__(self, key): raise RuntimeError
        def casefold(self): raise RuntimeError
        def strip(self): raise RuntimeError

    class Mute(Exception):
        def __repr__(self): raise RuntimeError
        __str__ = __repr__

    class ProjectWrapper(omero.gateway.ProjectWrapper):
        def getName(self): return Text("\\n\\ud800long " * 1_000_000)
        def getDescription(self): raise Mute
    """
    package("endless", source, {"endless": "endless:ProjectWrapper"})
    shown = await sign_in()
    name, _, tooltip = (await shown.below())[Ref(Kind.PROJECT, lab["project"])]
    assert len(name) < 1_100
    assert "\n" not in name
    assert len(tooltip) < 2_000
    assert shown.warnings == [("endless (ProjectWrapper)", "RuntimeError('Mute')")]


async def test_that_an_endless_list_of_children_ends(
    package: Install, sign_in: SignIn, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omero_desk.gateway.tree.foreign.MOST_CHILDREN", 2_000)
    source = """
    import itertools
    import omero.gateway, omero.model

    class ProjectWrapper(omero.gateway.ProjectWrapper):
        def listChildren(self, **kwargs):
            for n in itertools.count(1):
                yield omero.gateway.InstrumentWrapper(self._conn, omero.model.InstrumentI(n, True))
    """
    package("ceaseless", source, {"ceaseless": "ceaseless:ProjectWrapper"})
    shown = await sign_in()
    assert len(await shown.below(Ref(Kind.PROJECT, lab["project"]))) == 2_200  # the page that reaches it is the last


async def test_that_pages_of_children_come_of_one_listing(
    package: Install, sign_in: SignIn, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
    import omero.gateway, omero.model

    listings = []

    class ProjectWrapper(omero.gateway.ProjectWrapper):
        def listChildren(self, **kwargs):
            listings.append(self.getId())
            made = (omero.model.InstrumentI(n, True) for n in range(1, 2502))
            return [omero.gateway.InstrumentWrapper(self._conn, one) for one in made]
    """
    package("long_list", source, {"long": "long_list:ProjectWrapper"})
    shown = await sign_in()
    assert len(await shown.below(Ref(Kind.PROJECT, lab["project"]))) == 2_501
    assert sys.modules["long_list"].listings == [lab["project"]]
    assert shown.warnings == []


@pytest.mark.parametrize("what", ["None", "5", "['text']", "[None]", "[omero.gateway.ProjectWrapper]"])
async def test_that_children_that_are_no_objects_are_the_wrapper_s_fault(
    package: Install, sign_in: SignIn, lab: Lab, what: str
) -> None:
    source = f"""
    import omero.gateway

    class ProjectWrapper(omero.gateway.ProjectWrapper):
        def listChildren(self, **kwargs):
            return {what}
    """
    package("odd_children", source, {"odd": "odd_children:ProjectWrapper"})
    shown = await sign_in()
    assert len(await shown.below(Ref(Kind.PROJECT, lab["project"]))) == 12
    assert [name for name, _ in shown.warnings] == ["odd (ProjectWrapper)"]


async def test_that_columns_that_the_server_does_not_know_leave_the_built_in_rows(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    source = """
    from omero_desk.gateway.wrappers import Children, ProjectWrapper, Row

    class Wrong(ProjectWrapper):
        ROW = Row(name="obj.nonsense")
        CHILDREN = (Children("Dataset", "join nothing"),)
    """
    package("wrong_columns", source, {"wrong": "wrong_columns:Wrong"})
    shown = await sign_in()
    project = Ref(Kind.PROJECT, lab["project"])
    assert (await shown.below())[project][0] == "Project (12)"
    assert len(await shown.below(project)) == 12
    assert [name for name, _ in shown.warnings] == ["wrong (Wrong)"]


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("raise SystemExit(3)", "SystemExit(3)"),
        ("import sys; sys.exit()", "SystemExit()"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt()"),
        ("raise GeneratorExit", "GeneratorExit()"),
        ("1/0", "ZeroDivisionError('division by zero')"),
        ("nonsense = (", "SyntaxError"),
        ("Wrapper = 5", "TypeError"),
        ("class Wrapper: OMERO_CLASS = 'Project'", "TypeError"),
        ("import omero.gateway as g\nclass Wrapper(g.ProjectWrapper): OMERO_CLASS = 'Nonsense'", "TypeError"),
        ("import omero.gateway as g\nclass Wrapper(g.ProjectWrapper): OMERO_CLASS = 5", "TypeError"),
    ],
)
async def test_that_a_package_that_cannot_be_imported_is_told_by_name_and_the_others_are_there(
    package: Install, sign_in: SignIn, lab: Lab, line: str, detail: str
) -> None:
    package("broken_package", line, {"broken": "broken_package:Wrapper"})
    package("my_project", PROJECT, {"mine": "my_project:ProjectWrapper"})
    shown = await sign_in()
    assert (await shown.below())[Ref(Kind.PROJECT, lab["project"])][0] == "My Project (41)"
    ((name, said),) = shown.warnings
    assert name == "broken"
    assert said.startswith(detail)


async def test_that_a_list_of_entry_points_that_cannot_be_read_is_told(
    package: Install, sign_in: SignIn, lab: Lab, tmp_path: Path
) -> None:
    package("my_project", PROJECT, {"mine": "my_project:ProjectWrapper"})
    package("unreadable", "", {})
    (tmp_path / "unreadable-1.0.dist-info" / "entry_points.txt").write_text("[omero_desk.wrappers]\nno value\n")
    shown = await sign_in()
    assert Ref(Kind.PROJECT, lab["project"]) in await shown.below()
    assert [name for name, _ in shown.warnings] == ["omero_desk.wrappers"]


async def test_that_a_package_that_replaces_and_then_fails_changes_nothing(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    source = f"{PROJECT}\nomero.gateway.ProjectWrapper = ProjectWrapper\nomero.gateway.refreshWrappers()\n1/0\n"
    package("half", source, {"half": "half"})
    for _ in range(2):
        shown = await sign_in()
        assert (await shown.below())[Ref(Kind.PROJECT, lab["project"])][0] == "Project (12)"
        assert [name for name, _ in shown.warnings] == ["half"]


async def test_that_an_import_that_hangs_is_told_by_name_and_counts_once_it_has_ended(
    package: Install, sign_in: SignIn, lab: Lab, impatient: None, gate: threading.Event
) -> None:
    package(
        "hanging", f"import threading; threading.omero_desk_gate.wait()\n{PROJECT}", {"slow": "hanging:ProjectWrapper"}
    )
    package("same_module", "", {"same": "hanging"})
    project = Ref(Kind.PROJECT, lab["project"])
    for _ in range(2):
        began = time.monotonic()
        shown = await sign_in()
        assert time.monotonic() - began < 10
        assert (await shown.below())[project][0] == "Project (12)"
        assert {name for name, _ in shown.warnings} == {"slow", "same"}
        assert all("SlowImportError" in detail for _, detail in shown.warnings)
    gate.set()
    for thread in threading.enumerate():
        if thread.name.startswith("import "):
            thread.join(10)
    assert (await shown.below())[project][0] == "Project (12)"
    shown = await sign_in()
    assert (await shown.below())[project][0] == "My Project (41)"
    assert shown.warnings == []


async def test_that_a_gateway_in_place_of_blitzgateway_that_fails_is_told_by_name(
    package: Install, sign_in: SignIn, lab: Lab
) -> None:
    source = """
    import omero.gateway

    class MyBlitzGateway(omero.gateway.BlitzGateway):
        def __init__(self, *args, **kwargs):
            raise RuntimeError("no gateway today")

    omero.gateway.BlitzGateway = MyBlitzGateway
    """
    package("no_gateway", source, {"none": "no_gateway"})
    shown = await sign_in()
    assert Ref(Kind.PROJECT, lab["project"]) in await shown.below()
    assert shown.warnings == [("MyBlitzGateway", "RuntimeError('no gateway today')")]


async def test_that_a_package_without_our_entry_point_s_group_is_not_imported(
    package: Install, sign_in: SignIn
) -> None:
    package("stranger", PROJECT, {})
    await sign_in()
    assert "stranger" not in sys.modules
    assert ROOT.kind == Kind.ROOT
