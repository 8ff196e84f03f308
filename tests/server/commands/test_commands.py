"""Commands and their handles over the wire: progress, the end, cancelling, closing, and what is refused by name."""

from __future__ import annotations

import threading
from typing import Any

import Ice
import omero
import omero.callbacks
import omero.cmd
import pytest
from omero.rtypes import rlong, rstring

from tests.server.commands.test_commands_delete import alive, dataset, image, named, save
from tests.server.conftest import Connect, Lab


def submit(client: Any, request: Any) -> Any:
    """Return the response of a command that succeeds."""
    return client.submit(request).getResponse()


class Listener(omero.callbacks.CmdCallbackI):
    """Remembers what it was told."""

    def __init__(self, client: Any, handle: Any) -> None:
        self.steps: list[tuple[int, int]] = []
        self.over = threading.Event()
        super().__init__(client, handle)

    def step(self, complete: int, total: int, current: Any = None) -> None:
        self.steps.append((complete, total))

    def onFinished(self, response: Any, status: Any, current: Any) -> None:
        self.over.set()


def test_that_a_handle_reports_the_steps_and_the_end_of_a_command(connect: Connect) -> None:
    client = connect("ada")
    made = client.getSession().getUpdateService().saveAndReturnObject(image("told"))
    request = omero.cmd.Delete2(targetObjects={"Image": [made.id.val]})
    handle = client.getSession().submit(request)
    told = Listener(client, handle)
    assert told.over.wait(10)
    status = handle.getStatus()
    assert (status.steps, status.currentStep, status.flags) == (6, 5, [])
    assert status.stopTime >= status.startTime > 0
    assert handle.getRequest().targetObjects == request.targetObjects
    assert isinstance(handle.getResponse(), omero.cmd.Delete2Response)
    assert all(total == 6 for _, total in told.steps)
    told.close(True)
    with pytest.raises(Ice.ObjectNotExistException):
        handle.getResponse()


def test_that_a_command_that_is_over_cannot_be_cancelled(connect: Connect) -> None:
    client = connect("ada")
    made = client.getSession().getUpdateService().saveAndReturnObject(image("gone"))
    callback = client.submit(omero.cmd.Delete2(targetObjects={"Image": [made.id.val]}), failonerror=True)
    handle = client.getSession().submit(omero.cmd.Delete2(targetObjects={"Image": [2**50]}))
    failed = Listener(client, handle)
    assert failed.over.wait(10)
    assert {omero.cmd.State.FAILURE, omero.cmd.State.CANCELLED} <= set(handle.getStatus().flags)
    assert handle.cancel()
    assert isinstance(callback.getResponse(), omero.cmd.Delete2Response)


@pytest.mark.parametrize(
    "request_", [omero.cmd.PopStatus(), omero.cmd.FindHandles(), omero.cmd.ManageImageBinaries(), omero.cmd.Timing()]
)
def test_that_what_is_not_there_fails_by_name(connect: Connect, request_: Any) -> None:
    with pytest.raises(omero.CmdError) as refused:
        connect("ada").submit(request_)
    assert refused.value.err.name == "not-available"
    assert type(request_).__name__ in refused.value.err.parameters["message"]


def test_that_several_requests_succeed_or_fail_together(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    first = save(gateway, image("first"))
    good = omero.cmd.Delete2(targetObjects={"Image": [first.id.val]})
    bad = omero.cmd.Delete2(targetObjects={"Image": [2**40]})
    with pytest.raises(omero.CmdError, match="cannot read all the specified objects") as refused:
        gateway.c.submit(omero.cmd.DoAll(requests=[good, bad]))
    assert refused.value.err.category == "::omero::cmd::Delete2"
    assert alive(gateway, first)
    done = submit(gateway.c, omero.cmd.DoAll(requests=[good, omero.api.Save(dataset("saved"))]))
    assert not alive(gateway, first)
    deleted, saved = done.responses
    assert "ome.model.core.Image" in deleted.deletedObjects
    assert saved.obj.name.val == "saved"
    assert [status.steps for status in done.status] == [6, 1]


def test_that_an_image_moves_into_a_dataset_of_another_group(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    moved = save(gateway, image("moved"))
    there = gateway.getUpdateService().saveAndReturnObject(dataset("there"), {"omero.group": str(lab.shared)})
    gateway.c.waitOnCmd(gateway.chgrpObjects("Image", [moved.id.val], lab.shared, there.id.val)).close(True)
    hql = "select l.parent.id from DatasetImageLink l where l.child.id = :id"
    params = omero.sys.ParametersI().addId(moved.id.val)
    rows = gateway.getQueryService().projection(hql, params, {"omero.group": "-1"})
    assert [row[0].val for row in rows] == [there.id.val]


def test_that_a_command_can_start_below_its_targets(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    holder = dataset("holder")
    holder.linkImage(image("inside"))
    holder = save(gateway, holder)
    request = omero.cmd.SkipHead(
        targetObjects={"Dataset": [holder.id.val]}, startFrom=["Image"], request=omero.cmd.Delete2()
    )
    gone = submit(gateway.c, request).deletedObjects
    assert gone.keys() == {"ome.model.core.Image", "ome.model.containers.DatasetImageLink"}
    assert alive(gateway, holder)


def test_that_parents_and_children_are_found(sign_in: Connect) -> None:
    gateway = sign_in("ada")
    project, holder = named(omero.model.ProjectI, "project"), dataset("holder")
    project.linkDataset(holder)
    holder.linkImage(image("inside"))
    project = save(gateway, project)
    inside = project.copyDatasetLinks()[0].child.copyImageLinks()[0].child
    up = omero.cmd.FindParents(targetObjects={"Image": [inside.id.val]}, typesOfParents=["Project"])
    down = omero.cmd.FindChildren(targetObjects={"Project": [project.id.val]}, typesOfChildren=["Image"])
    assert submit(gateway.c, up).parents == {"ome.model.containers.Project": [project.id.val]}
    assert submit(gateway.c, down).children == {"ome.model.core.Image": [inside.id.val]}
    with pytest.raises(omero.CmdError) as refused:
        gateway.c.submit(omero.cmd.FindParents(targetObjects={"Image": [inside.id.val]}))
    assert refused.value.err.name == "bad-options"


def test_that_the_legal_targets_of_a_command_are_told(connect: Connect) -> None:
    told = submit(connect("ada"), omero.cmd.LegalGraphTargets(request=omero.cmd.Chgrp2()))
    assert {"ome.model.core.Image", "ome.model.containers.Project"} <= set(told.targets)
    assert submit(connect("ada"), omero.cmd.LegalGraphTargets(request=omero.cmd.Chmod2())).targets == [
        "ome.model.meta.ExperimenterGroup"
    ]


def test_that_the_room_that_files_take_is_told_by_owner_and_use(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    file = named(omero.model.OriginalFileI, "table.csv")
    file.setPath(rstring("somewhere"))
    file.setSize(rlong(1234))
    annotation = omero.model.FileAnnotationI()
    annotation.setFile(file)
    bearer = image("bearer")
    bearer.linkAnnotation(annotation)
    bearer = save(gateway, bearer)
    told = submit(gateway.c, omero.cmd.DiskUsage2(targetObjects={"Image": [bearer.id.val]}))
    who = omero.api.LongPair(lab.ada, lab.private)
    assert told.totalBytesUsed == {who: 1234}
    assert told.bytesUsedByReferer == {who: {"FileAnnotation": 1234}}
    assert told.fileCountByReferer == {who: {"FileAnnotation": 1}}


def test_that_open_sessions_are_told_and_how_long_one_may_idle_is_set(connect: Connect) -> None:
    client = connect("ada")
    told = submit(client, omero.cmd.CurrentSessionsRequest())
    uuid = client.getSessionId()
    assert uuid in {context.sessionUuid for context in told.contexts}
    assert len(told.sessions) == len(told.contexts) == len(told.data)
    submit(client, omero.cmd.UpdateSessionTimeoutRequest(session=uuid, timeToIdle=rlong(123456)))
    assert client.getSession().getSessionService().getSession(uuid).timeToIdle.val == 123456
    with pytest.raises(omero.CmdError) as refused:
        client.submit(omero.cmd.UpdateSessionTimeoutRequest(session=uuid, timeToIdle=rlong(0)))
    assert refused.value.err.name == "non-admin-disabling"


def test_that_mail_is_refused_as_by_a_server_without_mail(connect: Connect) -> None:
    for request_, name in (
        (omero.cmd.ResetPasswordRequest(omename="nobody", email="a@b.c"), "unknown-user"),
        (omero.cmd.ResetPasswordRequest(omename="ada", email="a@b.c"), "unknown-email"),
        (omero.cmd.SendEmailRequest(subject="s", body="b", everyone=True), "no-permissions"),
    ):
        with pytest.raises(omero.CmdError) as refused:
            connect("ada").submit(request_)
        assert refused.value.err.name == name


def test_that_requests_within_each_other_have_an_end(connect: Connect) -> None:
    client = connect("ada")
    made = client.getSession().getUpdateService().saveAndReturnObject(dataset("kept"))
    inner = omero.cmd.Delete2(targetObjects={"Dataset": [made.id.val]})
    deep: Any = omero.cmd.DoAll(requests=[inner])
    for _ in range(30):
        deep = omero.cmd.DoAll(requests=[deep])
    wide: Any = omero.cmd.DoAll(requests=[inner])
    for _ in range(6):
        wide = omero.cmd.DoAll(requests=[wide] * 50)
    skips: Any = inner
    for _ in range(30):
        skips = omero.cmd.SkipHead(request=skips, startFrom=["Image"])
    for request in (deep, wide, skips):
        with pytest.raises(omero.CmdError) as refused:
            client.submit(request)
        assert (refused.value.err.name, refused.value.err.category) == ("bad-request", request.ice_id())
    assert alive(client.getSession(), made)


def test_that_an_argument_of_any_depth_is_refused_and_the_server_goes_on(connect: Connect) -> None:
    client = connect("ada")
    deep: Any = omero.cmd.DoAll(requests=[])
    for _ in range(30_000):
        deep = omero.cmd.DoAll(requests=[deep])
    found: list[Exception] = []

    def send() -> None:
        try:
            client.getSession().submit(deep)
        except Ice.Exception as error:
            found.append(error)

    before = threading.stack_size(2**29)  # the client's own stack must hold it
    try:
        sender = threading.Thread(target=send)
        sender.start()
        sender.join(60)
    finally:
        threading.stack_size(before)
    assert [type(error) for error in found] == [Ice.UnknownLocalException]
    assert client.getSession().getAdminService().getEventContext().userName == "ada"
    while deep.requests:
        deep.requests, (deep,) = [], deep.requests  # unlinked one by one, for Python's own stack
