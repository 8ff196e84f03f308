"""Delete2 over the wire, by unmodified clients: what goes with what, and what is refused."""

from __future__ import annotations

from typing import Any

import omero
import omero.callbacks
import omero.cmd
import pytest
from omero.rtypes import rstring

from tests.server.conftest import Connect, Lab
from tests.support.present import present


def named(kind: Any, name: str) -> Any:
    """Return a new object with a name."""
    made = kind()
    made.setName(rstring(name))
    return made


def dataset(name: str) -> Any:
    return named(omero.model.DatasetI, name)


def image(name: str) -> Any:
    return named(omero.model.ImageI, name)


def save(gateway: Any, thing: Any) -> Any:
    return gateway.getUpdateService().saveAndReturnObject(thing)


def delete(gateway: Any, dry_run: bool = False, options: Any = None, **ids: Any) -> dict[str, list[int]]:
    """Delete objects by class name; returns the ids that went, by plain class name."""
    targets = {name: [one.id.val for one in things] for name, things in ids.items()}
    request = omero.cmd.Delete2(targetObjects=targets, dryRun=dry_run, childOptions=options)
    done = gateway.c.submit(request).getResponse()
    return {name.rpartition(".")[2]: gone for name, gone in done.deletedObjects.items()}


def alive(gateway: Any, thing: Any) -> bool:
    kind = type(thing).__name__.removesuffix("I")
    return gateway.getQueryService().find(kind, thing.id.val) is not None


def test_that_a_dataset_takes_its_images_along_but_not_those_in_another_one(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    first, second, alone, shared = (make("x") for make in (dataset, dataset, image, image))
    first.linkImage(alone)
    first.linkImage(shared)
    first = save(gateway, first)
    alone, shared = (link.child for link in first.copyImageLinks())
    second.linkImage(shared.proxy())
    second = save(gateway, second)
    gone = delete(gateway, Dataset=[first])
    assert gone["Image"] == [alone.id.val]
    assert gone["Dataset"] == [first.id.val]
    assert len(gone["DatasetImageLink"]) == 2
    assert [alive(gateway, one) for one in (first, alone, shared, second)] == [False, False, True, True]


def test_that_a_dry_run_tells_the_same_and_does_nothing(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    kept = dataset("kept")
    kept.linkImage(image("in it"))
    kept = save(gateway, kept)
    told = delete(gateway, dry_run=True, Dataset=[kept])
    assert alive(gateway, kept)
    assert delete(gateway, Dataset=[kept]) == told


def test_that_a_comment_goes_with_its_image_and_a_tag_only_with_the_last_of_its_own(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    new_comment, new_tag = omero.model.CommentAnnotationI(), omero.model.TagAnnotationI()
    new_comment.setTextValue(rstring("nice"))
    new_tag.setTextValue(rstring("good"))
    first, second = image("first"), image("second")
    first.linkAnnotation(new_comment)
    first.linkAnnotation(new_tag)
    first = save(gateway, first)
    comment, tag = (
        next(link.child for link in first.copyAnnotationLinks() if isinstance(link.child, kind))
        for kind in (omero.model.CommentAnnotation, omero.model.TagAnnotation)
    )
    second.linkAnnotation(tag.proxy())
    second = save(gateway, second)
    assert delete(gateway, Image=[first]).keys() == {"Image", "ImageAnnotationLink", "CommentAnnotation"}
    assert not alive(gateway, comment)
    assert alive(gateway, tag)
    assert delete(gateway, Image=[second])["TagAnnotation"] == [tag.id.val]


def test_that_options_keep_a_kind_of_annotation(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    tag = omero.model.TagAnnotationI()
    tag.setTextValue(rstring("kept"))
    tagged = image("tagged")
    tagged.linkAnnotation(tag)
    tagged = save(gateway, tagged)
    gateway.deleteObjects("Image", [tagged.id.val], wait=True)
    assert not alive(gateway, tagged)
    assert alive(gateway, tagged.copyAnnotationLinks()[0].child)


def test_that_options_take_images_along_from_other_datasets(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    first, second = dataset("first"), dataset("second")
    shared = image("shared")
    first.linkImage(shared)
    second.linkImage(shared)
    first, second = gateway.getUpdateService().saveAndReturnArray([first, second])
    force = omero.cmd.graphs.ChildOption(includeType=["Image"])
    assert "Image" in delete(gateway, options=[force], Dataset=[first])
    assert alive(gateway, second)


def test_that_a_fileset_is_deleted_whole_or_not_at_all(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    fileset = omero.model.FilesetI()
    fileset.setTemplatePrefix(rstring("x"))
    first, second = image("first"), image("second")
    fileset.addImage(first)
    fileset.addImage(second)
    fileset = save(gateway, fileset)
    first, second = fileset.copyImages()
    with pytest.raises(omero.CmdError) as refused:
        delete(gateway, Image=[first])
    error = refused.value.err
    assert isinstance(error, omero.cmd.GraphException)
    expected = (
        f"within Fileset[{fileset.id.val}] may not delete Image[{first.id.val}] while Image[{second.id.val}] remains"
    )
    assert error.message == expected
    assert error.name == "graph-fail"
    assert error.category == "::omero::cmd::Delete2"
    assert alive(gateway, first)
    assert delete(gateway, Image=[first, second])["Fileset"] == [fileset.id.val]


def test_that_images_of_a_torn_fileset_stay_when_their_dataset_goes(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    fileset = omero.model.FilesetI()
    fileset.setTemplatePrefix(rstring("x"))
    for name in ("in the dataset", "elsewhere"):
        fileset.addImage(image(name))
    fileset = save(gateway, fileset)
    holder = dataset("holder")
    holder.linkImage(fileset.copyImages()[0].proxy())
    holder = save(gateway, holder)
    assert delete(gateway, Dataset=[holder]).keys() == {"Dataset", "DatasetImageLink"}


def test_that_a_plate_takes_its_wells_and_images_along(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    plate, well, sample = named(omero.model.PlateI, "plate"), omero.model.WellI(), omero.model.WellSampleI()
    sample.setImage(image("field"))
    well.addWellSample(sample)
    plate.addWell(well)
    screen = named(omero.model.ScreenI, "screen")
    screen.linkPlate(plate)
    screen = save(gateway, screen)
    gone = delete(gateway, Screen=[screen])
    assert gone.keys() == {"Screen", "ScreenPlateLink", "Plate", "Well", "WellSample", "Image"}


def test_that_an_image_in_a_well_is_not_deleted_alone(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    plate, well, sample = named(omero.model.PlateI, "plate"), omero.model.WellI(), omero.model.WellSampleI()
    sample.setImage(image("field"))
    well.addWellSample(sample)
    plate.addWell(well)
    plate = save(gateway, plate)
    field = plate.copyWells()[0].copyWellSamples()[0].image
    with pytest.raises(omero.CmdError, match="while WellSample"):
        delete(gateway, Image=[field])


def test_that_what_belongs_to_another_one_is_refused_by_name(sign_in: Connect) -> None:
    ada, ben = sign_in("ada", group="shared lab"), sign_in("ben", group="shared lab")
    hers = save(ada, image("hers"))
    with pytest.raises(omero.CmdError) as refused:
        delete(ben, Image=[hers])
    assert isinstance(refused.value.err, omero.cmd.GraphException)
    assert refused.value.err.message == f"not permitted to delete ome.model.core.Image[{hers.id.val}]"
    assert alive(ada, hers)


@pytest.mark.parametrize(
    ("targets", "name", "message"),
    [
        ({"Experimenter": [0]}, "bad-target", "cannot target Experimenter"),
        ({"ome.model.core.Pixels": [0]}, "bad-target", "cannot target Pixels"),
        ({"Nonsense": [1]}, "graph-fail", ""),
        ({"IObject": [1]}, "graph-fail", ""),
        ({"/Image": [1]}, "graph-fail", ""),
        ({"dataset": [1]}, "graph-fail", ""),
    ],
)
def test_that_targets_that_cannot_be_deleted_are_told(
    connect: Connect, targets: dict[str, list[int]], name: str, message: str
) -> None:
    with pytest.raises(omero.CmdError) as refused:
        connect("ada").submit(omero.cmd.Delete2(targetObjects=targets))
    error = refused.value.err
    assert type(error) is omero.cmd.ERR
    assert (error.name, error.parameters["message"]) == (name, message)


def test_that_an_object_that_is_not_there_is_told_in_a_graph_exception(connect: Connect) -> None:
    """GraphException of omero-server has no message for Throwable.getMessage, which Helper.fail tells."""
    with pytest.raises(omero.CmdError) as refused:
        connect("ada").submit(omero.cmd.Delete2(targetObjects={"Image": [2**40]}))
    error = refused.value.err
    assert isinstance(error, omero.cmd.GraphException)
    text = "cannot read all the specified objects of class ome.model.core.Image"
    assert (error.name, error.message) == ("graph-fail", text)
    assert error.parameters == {"message": "", "stacktrace": f"ome.services.graphs.GraphException(message={text})"}


def test_that_a_file_that_two_filesets_share_goes_with_the_second(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    file = named(omero.model.OriginalFileI, "shared.tiff")
    file.setPath(rstring("somewhere"))
    file = save(gateway, file)
    images = []
    for name in ("first", "second"):
        fileset, entry, one = omero.model.FilesetI(), omero.model.FilesetEntryI(), image(name)
        fileset.setTemplatePrefix(rstring("x"))
        entry.setClientPath(rstring("shared.tiff"))
        entry.setOriginalFile(file.proxy())
        fileset.addFilesetEntry(entry)
        fileset.addImage(one)
        images.append(save(gateway, fileset).copyImages()[0])
    assert delete(gateway, Image=[images[0]]).keys() == {"Image", "Fileset", "FilesetEntry"}
    with pytest.raises(omero.CmdError, match="while FilesetEntry"):
        delete(gateway, OriginalFile=[file])
    assert delete(gateway, Image=[images[1]])["OriginalFile"] == [file.id.val]


def test_that_a_file_annotation_goes_with_its_file_and_the_file_with_it(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    for target in ("OriginalFile", "FileAnnotation"):
        annotation = omero.model.FileAnnotationI()
        annotation.setFile(named(omero.model.OriginalFileI, "note.txt"))
        present(annotation.file).setPath(rstring("somewhere"))
        annotation = save(gateway, annotation)
        targets: dict[str, Any] = {target: [annotation.file if target == "OriginalFile" else annotation]}
        gone = delete(gateway, **targets)
        assert gone.keys() == {"OriginalFile", "FileAnnotation"}


def test_that_a_tag_goes_with_nothing_but_the_last_of_its_set_and_images(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    tag, tag_set = omero.model.TagAnnotationI(), omero.model.TagAnnotationI()
    tag.setTextValue(rstring("tag"))
    tag_set.setTextValue(rstring("set"))
    tag_set.linkAnnotation(tag)
    tag_set = save(gateway, tag_set)
    tag = tag_set.copyAnnotationLinks()[0].child
    tagged = image("tagged")
    tagged.linkAnnotation(tag.proxy())
    tagged = save(gateway, tagged)
    delete(gateway, Annotation=[tag_set])
    assert alive(gateway, tag)
    delete(gateway, Image=[tagged])
    assert not alive(gateway, tag)


def test_that_what_a_member_may_delete_is_found_whatever_group_the_call_names(lab: Lab, connect: Connect) -> None:
    """OMERO runs it in all groups (Delete2I.getCallContext over the client's, HandleI.mergeContexts): rights decide."""
    administrator = connect("root", "omero").sf.getAdminService()
    group = omero.model.ExperimenterGroupI()
    group.name = rstring("who calls from elsewhere")
    group.details.permissions = omero.model.PermissionsI("rwrw--")
    group_id = administrator.createGroup(group)
    for user in (lab.ada, lab.ben):
        administrator.addGroups(
            omero.model.ExperimenterI(user, False), [omero.model.ExperimenterGroupI(group_id, False)]
        )
    ada, ben = connect("ada"), connect("ben")
    told: dict[int, Any] = {}
    for place in (group_id, lab.shared):
        made = ada.sf.getUpdateService().saveAndReturnObject(image("ada's"), {"omero.group": str(place)})
        request = omero.cmd.Delete2(targetObjects={"Image": [made.id.val]}, dryRun=True)
        callback = omero.callbacks.CmdCallbackI(ben, ben.sf.submit(request, {"omero.group": str(lab.private)}))
        callback.loop(100, 100)
        told[place] = callback.getResponse()
        callback.close(True)
    assert told[group_id].deletedObjects["ome.model.core.Image"]
    assert isinstance(told[lab.shared], omero.cmd.ERR), "a read-only group's members delete what is theirs"
