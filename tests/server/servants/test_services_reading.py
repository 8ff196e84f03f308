"""What clients read through the smaller services: tags, acquisition data, regions, the timeline, enumerations."""

from __future__ import annotations

from itertools import count
from typing import Any

import omero
import omero.model
import pytest
from omero.constants.metadata import NSINSIGHTTAGSET
from omero.rtypes import rdouble, rint, rlong, rstring, rtime, unwrap

from tests.server.conftest import Connect, Lab

_NUMBERS = count()


def save(client: Any, target: Any) -> Any:
    return client.getSession().getUpdateService().saveAndReturnObject(target)


def fresh(name: str) -> str:
    return f"{name} {next(_NUMBERS)}"


def named(kind: str, name: str) -> Any:
    made = getattr(omero.model, f"{kind}I")()
    made.name = rstring(name)
    return made


def tag(text: str, ns: str | None = None) -> Any:
    made = omero.model.TagAnnotationI()
    made.textValue, made.ns = rstring(text), None if ns is None else rstring(ns)
    return made


def annotate(client: Any, target: Any, annotation: Any) -> Any:
    kind = type(target).__name__.removesuffix("I").removeprefix("Tag")
    link = getattr(omero.model, f"{kind}AnnotationLinkI")()
    link.parent = target.proxy() if target.id else target
    link.child = annotation.proxy() if annotation.id else annotation
    return save(client, link)


def image(client: Any, name: str, **more: Any) -> Any:
    pixels = client.getSession().getPixelsService()
    kind = client.getSession().getTypesService().getEnumeration("PixelsType", "uint8")
    made = pixels.createImage(20, 10, 3, 2, [0, 1], kind, name, "")
    found = client.getSession().getQueryService().get("Image", made.val)
    for field, value in more.items():
        setattr(found, field, value)
    return save(client, found) if more else found


def test_that_an_image_is_made_and_copied_without_a_file(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    service = client.getSession().getPixelsService()
    made = image(client, "made")
    query = client.getSession().getQueryService()
    pixels = query.findByQuery(f"select p from Pixels p where p.image.id = {made.id.val}", None)
    found = service.retrievePixDescription(pixels.id.val)
    assert [unwrap(getattr(found, f"size{axis}")) for axis in "XYZCT"] == [20, 10, 3, 2, 2]
    assert found.pixelsType.value.val == "uint8"
    assert service.getBitDepth(found.pixelsType) == 8
    assert [channel.logicalChannel.isLoaded() for channel in found.copyChannels()] == [True, True]
    service.setChannelGlobalMinMax(pixels.id.val, 1, 3.0, 99.0)
    copied = service.copyAndResizeImage(made.id.val, rint(5), None, None, rint(1), [1], "copy", True)
    hql = f"select p from Pixels p join fetch p.channels c join fetch c.statsInfo where p.image.id = {copied.val}"
    again = query.findByQuery(hql, None)
    assert [unwrap(getattr(again, f"size{axis}")) for axis in "XYZCT"] == [5, 10, 3, 1, 1]
    assert again.getChannel(0).statsInfo.globalMax.val == 99.0
    assert again._relatedTo.id.val == pixels.id.val
    more = service.copyAndResizePixels(pixels.id.val, None, None, None, None, [], "by hand", False)
    assert query.get("Pixels", more.val).image.id.val == made.id.val


@pytest.mark.parametrize(
    ("sizes", "channels"), [((-1, None), []), ((None, 0), []), ((None, None), [7]), ((None, None), [-1])]
)
def test_that_a_copy_of_no_size_is_refused(connect: Connect, sizes: Any, channels: list[int]) -> None:
    client = connect("ada")
    made = image(client, "small")
    x, y = (None if size is None else rint(size) for size in sizes)
    with pytest.raises(omero.ValidationException):
        client.getSession().getPixelsService().copyAndResizeImage(
            made.id.val, x, y, None, None, channels, "copy", False
        )


def test_that_a_region_is_found_by_image_by_itself_and_by_plane(connect: Connect) -> None:
    client = connect("ada")
    service = client.getSession().getRoiService()
    owner = image(client, "with regions")
    roi = omero.model.RoiI()
    roi.image = owner.proxy()
    for z, t in ((0, 0), (1, None), (None, None)):
        point = omero.model.PointI()
        point.x = point.y = rdouble(1)
        point.theZ, point.theT = None if z is None else rint(z), None if t is None else rint(t)
        roi.addShape(point)
    saved = save(client, roi)
    empty = omero.model.RoiI()
    empty.image = owner.proxy()
    save(client, empty)
    found = service.findByImage(owner.id.val, None)
    assert [one.id.val for one in found.rois] == [saved.id.val]
    assert {z: len(shapes) for z, shapes in found.byZ.items()} == {0: 1, 1: 1, -1: 1}
    assert {t: len(shapes) for t, shapes in found.byT.items()} == {0: 1, -1: 2}
    assert service.findByRoi(saved.id.val, None).rois[0].sizeOfShapes() == 3
    plane = service.findByPlane(owner.id.val, 1, 1, None)
    assert sum(shape is not None for shape in plane.rois[0].copyShapes()) == 2
    nobody = omero.api.RoiOptions()
    nobody.userId = rlong(0)
    nothing = service.findByImage(owner.id.val, nobody)
    assert (nothing.rois, nothing.byZ, nothing.byT) == ([], {}, {})


def test_that_tags_tell_what_bears_them_and_sets_hold_tags(connect: Connect) -> None:
    client = connect("ada")
    metadata = client.getSession().getMetadataService()
    group, mine, loose = (
        save(client, tag(fresh(name), ns)) for name, ns in (("set", NSINSIGHTTAGSET), ("mine", None), ("loose", None))
    )
    annotate(client, group, mine)
    project = save(client, named("Project", "tagged"))
    dataset = save(client, named("Dataset", "child"))
    project.linkDataset(dataset.proxy())
    save(client, project)
    annotate(client, project, mine)
    annotate(client, image(client, "tagged"), mine)
    content = metadata.loadTagContent([mine.id.val, loose.id.val], None)
    assert sorted(type(one).__name__ for one in content[mine.id.val]) == ["ImageI", "ProjectI"]
    assert content[loose.id.val] == []
    found = next(one for one in content[mine.id.val] if isinstance(one, omero.model.ProjectI))
    assert [one.name.val for one in found.linkedDatasetList()] == ["child"]
    counts = metadata.getTaggedObjectsCount([mine.id.val, loose.id.val], None)
    assert counts == {mine.id.val: 2, loose.id.val: 0}
    sets = {one.id.val: one for one in metadata.loadTagSets(None)}
    assert [one.id.val for one in sets[group.id.val].linkedAnnotationList()] == [mine.id.val]
    orphans = {one.id.val for one in metadata.loadTagSets(omero.sys.ParametersI().orphan())}
    assert {group.id.val, loose.id.val} <= orphans
    assert mine.id.val not in orphans


def test_that_annotations_come_by_kind_annotator_and_object(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    metadata = client.getSession().getMetadataService()
    project, bare = (save(client, named("Project", name)) for name in ("annotated", "bare"))
    ns = fresh("name space")
    kept = annotate(client, project, tag("kept", ns)).child
    comment = omero.model.CommentAnnotationI()
    comment.textValue = rstring("said")
    annotate(client, project, comment)
    ids = [project.id.val, bare.id.val, -5]
    everything = metadata.loadAnnotations("Project", ids, [], [], None)
    assert {key: len(found) for key, found in everything.items()} == {project.id.val: 2, bare.id.val: 0}
    only = metadata.loadAnnotations("Project", ids, ["ome.model.annotations.TagAnnotation"], [lab.ada], None)
    assert {key: [one.id.val for one in found] for key, found in only.items()} == {project.id.val: [kept.id.val]}
    assert only[project.id.val][0].details.owner.omeName.val == "ada"
    assert metadata.loadAnnotations("Project", ids, [], [lab.ben], None) == {}
    linked = metadata.loadSpecifiedAnnotationsLinkedTo("TagAnnotation", [ns], [], "Project", ids, None)
    assert {key: [one.id.val for one in found] for key, found in linked.items()} == {project.id.val: [kept.id.val]}
    assert unwrap(metadata.countSpecifiedAnnotations("TagAnnotation", [ns], [], None)) == 1
    with pytest.raises(omero.ApiUsageException):
        metadata.loadAnnotations("Pixels", ids, [], [], None)


def test_that_annotations_of_every_kind_are_loaded_by_every_name_of_it(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    metadata, ns = client.getSession().getMetadataService(), fresh("ns of kinds")
    kept = save(client, tag("kept", ns)).id.val
    plain: Any = vars(omero.model)["DoubleAnnotationI"]()
    plain.ns = rstring(ns)
    number = save(client, plain).id.val
    attached = omero.model.FileAnnotationI()
    attached.ns, attached.file = rstring(ns), omero.model.OriginalFileI()
    attached.file.name = attached.file.path = rstring("attached")
    file = save(client, attached).id.val
    for spelling in ("{}", "{}I", "omero.model.{}", "omero.model.{}I", "ome.model.annotations.{}"):
        for kind, expected in (
            ("TagAnnotation", [kept]),
            ("DoubleAnnotation", [number]),
            ("FileAnnotation", [file]),
        ):
            found = metadata.loadSpecifiedAnnotations(spelling.format(kind), [ns], [], None)
            assert [one.id.val for one in found] == expected
    assert found[0].file.name.val == "attached"


def test_that_annotations_of_others_that_one_used_are_found(lab: Lab, connect: Connect) -> None:
    ada, ben = connect("ada", group="shared lab"), connect("root", "omero", group="shared lab")
    theirs = save(ada, tag("of ada"))
    annotate(ben, save(ben, named("Project", "of root")), theirs)
    metadata = ben.getSession().getMetadataService()
    used = metadata.loadAnnotationsUsedNotOwned("TagAnnotation", 0)
    assert theirs.id.val in {one.id.val for one in used}
    assert unwrap(metadata.countAnnotationsUsedNotOwned("TagAnnotation", 0)) == len(used)
    assert unwrap(metadata.countAnnotationsUsedNotOwned("FileAnnotation", 0)) == 0


def test_that_an_instrument_comes_with_its_parts(connect: Connect) -> None:
    client = connect("ada")
    types = client.getSession().getTypesService()
    instrument = omero.model.InstrumentI()
    laser, pump = omero.model.LaserI(), omero.model.FilamentI()
    laser.type, laser.laserMedium = types.getEnumeration("LaserType", "Gas"), types.getEnumeration("LaserMedium", "Ar")
    pump.type = types.getEnumeration("FilamentType", "Other")
    laser.pump = pump
    detector = omero.model.DetectorI()
    detector.type = types.getEnumeration("DetectorType", "PMT")
    instrument.addLightSource(laser)
    instrument.addLightSource(pump)
    instrument.addDetector(detector)
    saved = save(client, instrument)
    metadata = client.getSession().getMetadataService()
    found = metadata.loadInstrument(saved.id.val)
    sources = {type(one).__name__: one for one in found.copyLightSource()}
    assert sources["LaserI"].laserMedium.value.val == "Ar"
    assert sources["FilamentI"].type.value.val == "Other"
    assert found.copyDetector()[0].type.value.val == "PMT"
    assert metadata.loadInstrument(-1) is None
    channel = omero.model.LogicalChannelI()
    channel.lightSourceSettings = omero.model.LightSettingsI()
    channel.lightSourceSettings.lightSource = omero.model.LaserI(sources["LaserI"].id.val, False)
    channel = save(client, channel)
    loaded = metadata.loadChannelAcquisitionData([channel.id.val])[0].lightSourceSettings.lightSource
    assert (loaded.type.value.val, loaded.pump.isLoaded()) == ("Gas", True)


def test_that_an_import_leaves_its_log(connect: Connect) -> None:
    client = connect("ada")
    fileset = omero.model.FilesetI()
    fileset.templatePrefix = rstring("here")
    job = omero.model.UploadJobI()
    for field in ("username", "groupname", "type", "message"):
        setattr(job, field, rstring("x"))
    for field in ("submitted", "scheduledFor", "started", "finished"):
        setattr(job, field, rtime(0))
    job.status = client.getSession().getTypesService().getEnumeration("JobStatus", "Finished")
    log = omero.model.OriginalFileI()
    log.path, log.name = rstring("/"), rstring("log")
    log.mimetype = rstring("application/omero-log-file")
    job.linkOriginalFile(log)
    fileset.linkJob(job)
    saved = save(client, fileset)
    owner = image(client, "imported", fileset=saved.proxy())
    metadata = client.getSession().getMetadataService()
    for kind, key in (("Fileset", saved.id.val), ("Image", owner.id.val)):
        assert [one.name.val for one in metadata.loadLogFiles(kind, [key])[key]] == ["log"]
    with pytest.raises(omero.ApiUsageException):
        metadata.loadLogFiles("Project", [1])


def test_that_the_timeline_tells_what_is_new(lab: Lab, connect: Connect) -> None:
    client = connect("ben")
    timeline = client.getSession().getTimelineService()
    old = image(client, "long ago", acquisitionDate=rtime(1_000_000))
    projects = [save(client, named("Project", fresh("new"))) for _ in range(3)]
    link = annotate(client, projects[0], tag("lately"))
    newest = timeline.getMostRecentObjects(["Project"], omero.sys.ParametersI().page(0, 2), False)["Project"]
    assert [one.id.val for one in newest] == [projects[2].id.val, projects[1].id.val]
    assert newest[0].details.owner.omeName.val == "ben"
    merged = timeline.getMostRecentObjects(["Project", "Dataset"], omero.sys.ParametersI().page(0, 1), True)
    assert {kind: len(found) for kind, found in merged.items()} == {"Project": 1, "Dataset": 0}
    counts = timeline.countByPeriod(["Image", "Project", "Roi"], rtime(0), rtime(2_000_000), None)
    assert counts == {"Image": 1, "Project": 0, "Roi": -1}
    logs = timeline.getEventLogsByPeriod(rtime(0), rtime(2**50), None)
    assert {unwrap(log.entityId) for log in logs} >= {old.id.val, projects[0].id.val}
    links = timeline.getMostRecentAnnotationLinks(["Project"], ["TagAnnotation"], [], None)
    assert links[0].id.val == link.id.val
    assert timeline.getMostRecentShareCommentLinks(None) == []


def test_that_enumerations_grow_by_users_and_shrink_by_administrators(connect: Connect) -> None:
    user, root = connect("ada"), connect("root", "omero")
    types = user.getSession().getTypesService()
    made = omero.model.ImmersionI()
    made.value = rstring("Honey")
    made = types.createEnumeration(made)
    assert "Honey" in [one.value.val for one in types.getEnumerationsWithEntries()["Immersion"]]
    with pytest.raises(omero.SecurityViolation):
        types.deleteEnumeration(made)
    with pytest.raises(omero.SecurityViolation):
        types.updateEnumeration(made)
    administrated = root.getSession().getTypesService()
    made.value = rstring("Syrup")
    assert administrated.updateEnumeration(made).value.val == "Syrup"
    administrated.resetEnumerations("Immersion")
    assert "Syrup" not in [one.value.val for one in types.allEnumerations("Immersion")]
    assert {"Image", "Annotation", "OriginalFile"} <= set(types.getAnnotationTypes())
    assert all(one.id is None for one in administrated.getOriginalEnumerations())
    with pytest.raises(omero.ApiUsageException, match="does not exist with the value"):
        types.getEnumeration("Immersion", "Syrup")


def test_that_what_is_not_here_says_so(connect: Connect) -> None:
    session = connect("ada").getSession()
    scripts, shares = session.getScriptService(), session.getShareService()
    assert scripts.getScripts() == scripts.getUserScripts([]) == shares.getOwnShares(True) == []
    assert scripts.getScriptID("/omero/x.py") == -1
    assert not session.getLdapService().getSetting()
    assert session.getRepositoryInfoService().getFreeSpaceInKilobytes() > 0
    with pytest.raises(omero.NoProcessorAvailable) as refused:
        scripts.runScript(1, {}, None)
    assert refused.value.processorCount == 0
    with pytest.raises(omero.NoProcessorAvailable):
        session.sharedResources().acquireProcessor(omero.model.ScriptJobI(), 1)
    with pytest.raises(omero.ValidationException):
        shares.getContents(5)
    with pytest.raises(omero.ApiUsageException, match="createShare is not available"):
        shares.createShare("x", None, [], [], [], True)
