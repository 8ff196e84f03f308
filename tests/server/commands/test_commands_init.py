"""Requests that cannot be begun: the names of their errors, and the steps that their status tells all the same."""

from __future__ import annotations

from typing import Any

import omero
import omero.cmd
import pytest
from omero.cmd.graphs import ChildOption

from tests.server.commands.test_commands_delete import alive, dataset, delete, image, named, save
from tests.server.commands.test_commands_duplicate import duplicate, rows
from tests.server.commands.test_commands_move import tag
from tests.server.conftest import Connect, Lab


def refusal(client: Any, request: Any) -> tuple[Any, Any]:
    """Return the error of a request that fails, and its status."""
    handle = client.getSession().submit(request)
    callback = omero.callbacks.CmdCallbackI(client, handle)
    try:
        callback.loop(120, 500)
        return handle.getResponse(), handle.getStatus()
    finally:
        callback.close(True)


NO_TYPE = ChildOption()
UNKNOWN = ChildOption(includeType=["Nonsense"])
BOTH = ChildOption(includeType=["Annotation"], includeNs=["a"], excludeNs=["b"])


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (NO_TYPE, "child option must include or exclude some type"),
        (BOTH, "child option may not both include and exclude namespace"),
        (UNKNOWN, ""),
        (None, ""),
    ],
)
def test_that_a_bad_child_option_cancels_the_steps(connect: Connect, option: Any, message: str) -> None:
    """ChildOptionI.init throws within HandleI.steps, which knows no better name; the steps are told before."""
    for request in (omero.cmd.Delete2(), omero.cmd.Chgrp2(), omero.cmd.Duplicate()):
        request.childOptions, client = [option], connect("ada")
        if isinstance(request, omero.cmd.Chgrp2):
            request.groupId = client.getSession().getAdminService().getEventContext().groupId
        error, status = refusal(client, request)
        assert (error.name, error.parameters["message"]) == ("steps-cancel", message)
        assert error.category == request.ice_id()
        assert status.steps == (14 if isinstance(request, omero.cmd.Duplicate) else 6)


@pytest.mark.parametrize("dry_run", [False, True])
def test_that_the_steps_are_told_of_commands_that_fail_early(connect: Connect, lab: Lab, dry_run: bool) -> None:
    """Delete2I, Chgrp2I, Chown2I and DuplicateI set the number of steps before they look at anything else."""
    client, missing = connect("ben"), {"Image": [2**40]}
    fewer = 2 if dry_run else 0
    for request, name, steps in (
        (omero.cmd.Delete2(targetObjects=missing), "graph-fail", 6 - fewer),
        (omero.cmd.Delete2(targetObjects=missing, typesToIgnore=["Nonsense"]), "steps-cancel", 6 - fewer),
        (omero.cmd.Chgrp2(targetObjects=missing, groupId=0), "not-in-group", 6 - fewer),
        (omero.cmd.Chgrp2(targetObjects=missing, groupId=lab.shared), "graph-fail", 6 - fewer),
        (omero.cmd.Chown2(targetObjects=missing, userId=lab.ada), "steps-cancel", 7 - fewer),
        (omero.cmd.Duplicate(targetObjects=missing), "graph-fail", 3 if dry_run else 14),
        (omero.cmd.Duplicate(typesToIgnore=["Nonsense"]), "bad-class", 3 if dry_run else 14),
    ):
        request.dryRun = dry_run
        error, status = refusal(client, request)
        assert (error.name, status.steps, status.currentStep) == (name, steps, 0)


def test_that_a_group_that_is_not_there_is_nothing_to_an_administrator(connect: Connect) -> None:
    """Chgrp2I.init asks the group that it did not find for its permissions."""
    error, _ = refusal(connect("root", "omero"), omero.cmd.Chgrp2(groupId=2**40))
    assert (type(error), error.name) == (omero.cmd.ERR, "steps-cancel")


def test_that_whose_data_is_given_away_must_be_in_a_group_of_the_giver(connect: Connect, lab: Lab) -> None:
    """Chown2I.init, for the users whose data is asked for."""
    error, status = refusal(connect("ada"), omero.cmd.Chown2(userId=lab.ben, targetUsers=[0]))
    text = "not an owner of any group of ome.model.meta.Experimenter[0]"
    assert error.parameters["message"] == f"ome.services.graphs.GraphException(message={text})"
    assert status.steps == 7


def test_that_what_fails_within_another_request_has_the_name_of_that(connect: Connect) -> None:
    """DoAllI.init and SkipHeadI.init name what the requests within them throw."""
    client, bad = connect("ada"), omero.cmd.Delete2(childOptions=[NO_TYPE])
    error, status = refusal(client, omero.cmd.DoAll(requests=[bad]))
    assert (error.name, error.category, status.steps) == ("bad-init", "::omero::cmd::DoAll", 0)
    chgrp = omero.cmd.Chgrp2(groupId=0)
    for request, message in (
        (omero.cmd.SkipHead(startFrom=["Image"], request=bad), "child option must include or exclude some type"),
        (omero.cmd.SkipHead(startFrom=["Image"], request=chgrp), "not a member of the chgrp destination group"),
        (omero.cmd.SkipHead(startFrom=["Nonsense"], request=chgrp), ""),
    ):
        error, status = refusal(client, request)
        assert (error.name, error.parameters["message"]) == ("graph-fail", message)
        assert (error.category, status.steps) == ("::omero::cmd::SkipHead", 0)
    for request, message in (
        (omero.cmd.SkipHead(startFrom=["Image"]), "must pass a request argument"),
        (omero.cmd.SkipHead(request=omero.cmd.SkipHead()), "cannot use SkipHead on SkipHeadI"),
    ):
        error, _ = refusal(client, request)
        assert error.name == "steps-cancel"
        assert error.parameters["message"] == f"ome.services.graphs.GraphException(message={message})"


@pytest.mark.parametrize("name", ["DatasetI", "omero.model.DatasetI", "ome.model.containers.Dataset", "x.Dataset"])
def test_that_a_target_is_named_by_ice_or_by_any_package(sign_in: Connect, name: str) -> None:
    """GraphPathBean.getClassForSimpleName goes up from Ice's class to one of the model; omero-py's tests send it."""
    gateway = sign_in("ada")
    made = save(gateway, dataset("named"))
    targets: dict[str, Any] = {name: [made]}
    assert delete(gateway, **targets) == {"Dataset": [made.id.val]}


def is_taken(gateway: Any, number: int) -> bool:
    """Tell whether a link of another kind to an annotation has an id."""
    kinds = [name.removesuffix("I") for name in dir(omero.model) if name.endswith("AnnotationLinkI")]
    wanted = omero.sys.ParametersI().addId(number)
    query = "select l.id from {} l where l.id = :id"
    found = [kind for kind in kinds if gateway.getQueryService().projection(query.format(kind), wanted)]
    return found != ["ImageAnnotationLink"]


def test_that_a_target_is_named_by_what_its_class_is_derived_from(sign_in: Connect) -> None:
    """GraphHelper.getTargetMultimap takes a superclass; what it finds has its own class in the response."""
    gateway = sign_in("ada")
    comment = save(gateway, omero.model.CommentAnnotationI())
    assert delete(gateway, TextAnnotation=[comment]) == {"CommentAnnotation": [comment.id.val]}
    links = []
    for _ in range(30):  # ids that no link of another kind has: more than there are links of those
        tagged = image("tagged")
        tagged.linkAnnotation(tag("used"))
        links += save(gateway, tagged).copyAnnotationLinks()
    link = next(link for link in reversed(links) if not is_taken(gateway, link.id.val))
    assert delete(gateway, IAnnotationLink=[link]) == {"ImageAnnotationLink": [link.id.val]}


def test_that_parents_are_not_looked_for_outside_what_contains_something(connect: Connect) -> None:
    """FindParentsI and StopBeforeHelper.assertNodesKnown."""
    request = omero.cmd.FindParents(targetObjects={"Image": [2**40]}, typesOfParents=["ExperimenterGroup"])
    error, status = refusal(connect("ada"), request)
    assert (error.name, error.parameters["message"]) == ("bad-options", "unknown in hierarchy: ExperimenterGroup")
    assert status.steps == 1
    request.typesOfParents = ["Nonsense"]
    error, _ = refusal(connect("ada"), request)
    assert (error.name, error.parameters["message"]) == (
        "steps-cancel",
        "unknown model object class named: Nonsense",
    )


def test_that_a_copy_can_start_below_its_targets(sign_in: Connect) -> None:
    """DuplicateI is a WrappableRequest; the copy is in no project (clitest test_duplicate)."""
    gateway = sign_in("ada")
    project, inside = named(omero.model.ProjectI, "project"), dataset("inside")
    inside.linkImage(image("image"))
    project.linkDataset(inside)
    project = save(gateway, project)
    request = omero.cmd.SkipHead(
        targetObjects={"Project": [project.id.val]}, startFrom=["Dataset"], request=omero.cmd.Duplicate()
    )
    made = duplicate(gateway, request)
    assert made.keys() == {"Dataset", "DatasetImageLink", "Image"}
    hql = "select l.id from ProjectDatasetLink l where l.child.id = :id"
    assert rows(gateway, hql, made["Dataset"][0]) == []
    assert alive(gateway, project)


def test_that_a_copy_is_made_in_the_group_of_the_call_alone(sign_in: Connect, lab: Lab) -> None:
    """DuplicateI.getCallContext names no group; in all groups nothing can be made (CurrentDetails.createDetails)."""
    gateway = sign_in("ada", group="private lab")
    original = save(gateway, dataset("original"))
    request = omero.cmd.Duplicate(targetObjects={"Dataset": [original.id.val]})
    for group, text in ((lab.shared, "cannot read all"), (-1, "No valid permissions available")):
        handle = gateway.c.getSession().submit(request, {"omero.group": str(group)})
        callback = omero.callbacks.CmdCallbackI(gateway.c, handle)
        callback.loop(120, 500)
        error = handle.getResponse()
        callback.close(True)
        assert error.name == "graph-fail"
        assert text in (error.message if isinstance(error, omero.cmd.GraphException) else error.parameters["message"])
    assert duplicate(gateway, request).keys() == {"Dataset"}


def test_that_an_open_handle_keeps_nobody_from_another_group(connect: Connect, lab: Lab) -> None:
    """ServantHolder.getStatefulServiceCount counts services of omero.api alone."""
    client = connect("ada")
    session = client.getSession()
    handle = session.submit(omero.cmd.Delete2(targetObjects={}))
    table = session.sharedResources().newTable(1, "kept open")
    before = session.setSecurityContext(omero.model.ExperimenterGroupI(lab.shared, False))
    assert before.id.val == lab.private
    table.close()
    handle.close()
