"""What several people have linked to the same thing is there once, and counts once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import omero.model
import pytest
import pytest_asyncio
from omero.rtypes import rint, rstring

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import ROOT, Entity, Kind, Ref, Scope
from omero_desk.gateway.annotations import counts
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from tests.support.server_process import running_server
from tests.support.wire_lab import WireLab, named, new_image, saved, wire_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WireLab]:
    with running_server(tmp_path_factory.mktemp("links")) as server, wire_lab(server, permissions="rwrw--") as made:
        yield made


@pytest_asyncio.fixture
async def service(lab: WireLab) -> AsyncIterator[ServiceManager]:
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


async def inside(service: ServiceManager, lab: WireLab, ref: Ref) -> list[Entity]:
    found, cursor = list[Entity](), None
    while True:
        page = await service.call(Lane.BROWSING, browse.children, ref, Scope(lab.ids["group"]), cursor)
        found += page.entities
        if (cursor := page.next) is None:
            return found


async def test_that_what_two_people_have_linked_is_there_once(service: ServiceManager, lab: WireLab) -> None:
    ada, ben = lab.gateway("ada"), lab.gateway("ben")
    image, model = new_image(ben, "shared image"), omero.model
    project = saved(ben, named(model.ProjectI, "shared project"))
    dataset = saved(ben, named(model.DatasetI, "shared dataset"))
    screen, plate = saved(ben, named(model.ScreenI, "screen")), saved(ben, named(model.PlateI, "plate"))
    tag = model.TagAnnotationI()
    tag.textValue = rstring("mitosis")
    tag_id = saved(ben, tag)
    for person in (ada, ben):
        for link, parent, child in (
            (model.ProjectDatasetLinkI(), model.ProjectI(project, False), model.DatasetI(dataset, False)),
            (model.DatasetImageLinkI(), model.DatasetI(dataset, False), model.ImageI(image, False)),
            (model.ScreenPlateLinkI(), model.ScreenI(screen, False), model.PlateI(plate, False)),
            (model.ImageAnnotationLinkI(), model.ImageI(image, False), model.TagAnnotationI(tag_id, False)),
        ):
            link.parent, link.child = parent, child
            saved(person, link)
    at_root = {(e.ref.kind, e.ref.id): e.child_count for e in await inside(service, lab, ROOT)}
    assert at_root[Kind.PROJECT, project] == at_root[Kind.SCREEN, screen] == 1
    datasets = await inside(service, lab, Ref(Kind.PROJECT, project))
    assert [(one.ref.id, one.child_count) for one in datasets] == [(dataset, 1)]
    images = await inside(service, lab, Ref(Kind.DATASET, dataset))
    assert [(one.ref.id, one.annotation_count) for one in images] == [(image, 1)]
    assert [one.ref.id for one in await inside(service, lab, Ref(Kind.SCREEN, screen))] == [plate]
    of_project = await service.call(Lane.BROWSING, browse.images, Ref(Kind.PROJECT, project), Scope(lab.ids["group"]))
    assert [one.ref.id for one in of_project.entities] == [image]
    found = await service.call(Lane.METADATA, counts.counts, [Ref(Kind.IMAGE, image)])
    assert found[Ref(Kind.IMAGE, image)].tags == found[Ref(Kind.IMAGE, image)].total == 1


async def test_that_a_well_whose_field_has_no_run_is_in_the_tree(service: ServiceManager, lab: WireLab) -> None:
    ada, model = lab.gateway("ada"), omero.model
    plate = saved(ada, named(model.PlateI, "plate with a run"))
    run = saved(ada, named(model.PlateAcquisitionI, "run", plate=model.PlateI(plate, False)))
    for column in (0, 1):
        well, field = model.WellI(), model.WellSampleI()
        well.row, well.column, well.plate = rint(0), rint(column), model.PlateI(plate, False)
        field.image = named(model.ImageI, f"image {column}")
        field.plateAcquisition = model.PlateAcquisitionI(run, False) if column == 0 else None
        well.addWellSample(field)
        saved(ada, well)
    rows = await inside(service, lab, Ref(Kind.PLATE, plate))
    assert [(row.ref.kind, row.name) for row in rows] == [(Kind.RUN, "run"), (Kind.WELL, "A2")]
    (counted,) = [row for row in await inside(service, lab, ROOT) if row.ref == Ref(Kind.PLATE, plate)]
    assert counted.child_count == len(rows)
    (image,) = await inside(service, lab, rows[1].ref)
    assert image.name == "image 1"
