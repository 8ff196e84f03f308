"""IUpdate over the wire: what OME's own tests ask of it, and what a client may not say of details."""

from __future__ import annotations

from typing import Any

import omero
import omero.model
import pytest
from omero.rtypes import rlong, rstring

from tests.server.conftest import Connect, Lab


@pytest.fixture
def client(connect: Connect) -> Any:
    return connect("ada")


def save(client: Any, target: Any, **context: str) -> Any:
    return client.getSession().getUpdateService().saveAndReturnObject(target, {**client.getContext(), **context})


def dataset(kind: str | None = None) -> Any:
    made = omero.model.DatasetI()
    made.name = rstring("dataset")
    if kind is not None:
        made.details.externalInfo = external(kind)
    return made


def external(kind: str) -> Any:
    info = omero.model.ExternalInfoI()
    info.entityType, info.entityId = rstring(kind), rlong(1)
    return info


def kind_of(client: Any, target: Any) -> str | None:
    hql = f"select d from Dataset d left outer join fetch d.details.externalInfo where d.id = {target.id.val}"
    info = client.getSession().getQueryService().findByQuery(hql, None).details.externalInfo
    return None if info is None else str(info.entityType.val)


def test_that_external_info_comes_goes_and_is_replaced(client: Any) -> None:
    saved = save(client, dataset("first"))
    assert saved.details.externalInfo.entityType.val == kind_of(client, saved) == "first"
    saved.details.externalInfo = external("second")
    saved = save(client, saved)
    assert kind_of(client, saved) == "second"
    saved.details.externalInfo = save(client, external("third"))
    saved = save(client, saved)
    assert kind_of(client, saved) == "third"
    saved.details.externalInfo = None
    saved = save(client, saved)
    assert saved.details.externalInfo is kind_of(client, saved) is None


def test_that_external_info_itself_never_changes(client: Any) -> None:
    saved = save(client, dataset("first"))
    saved.details.externalInfo.entityType = rstring("changed")
    saved = save(client, saved)
    assert kind_of(client, saved) == "first"


def test_that_arrays_and_collections_are_saved(client: Any) -> None:
    update = client.getSession().getUpdateService()
    update.saveArray([omero.model.TagAnnotationI() for _ in range(3)])
    update.saveCollection([omero.model.TagAnnotationI() for _ in range(3)])
    ids = update.saveAndReturnIds([omero.model.TagAnnotationI() for _ in range(3)])
    assert len(set(ids)) == 3
    assert update.saveAndReturnIds([]) == []


def test_that_what_was_deleted_is_not_saved(client: Any) -> None:
    saved = save(client, dataset())
    update = client.getSession().getUpdateService()
    update.deleteObject(saved)
    saved.name = rstring("late")
    with pytest.raises(omero.ValidationException):
        save(client, saved)
    update.deleteObject(None)
    with pytest.raises(omero.ApiUsageException):
        update.deleteObject(dataset())


def test_that_events_are_not_the_clients_to_say(client: Any) -> None:
    first, second = save(client, dataset()), save(client, dataset())
    first.name = rstring("changed")
    first.details.creationEvent = second.details.creationEvent
    with pytest.raises(omero.SecurityViolation, match="creation event"):
        save(client, first)
    third = save(client, dataset())
    third.details.updateEvent = second.details.updateEvent
    with pytest.raises(omero.OptimisticLockException, match="reload"):
        save(client, third)


def test_that_a_change_by_another_is_not_overwritten(client: Any) -> None:
    saved = save(client, dataset())
    query = client.getSession().getQueryService()
    mine, theirs = (query.get("Dataset", saved.id.val) for _ in range(2))
    theirs.name = rstring("theirs")
    save(client, theirs)
    mine.name = rstring("mine")
    with pytest.raises(omero.OptimisticLockException):
        save(client, mine)
    assert query.get("Dataset", saved.id.val).name.val == "theirs"


def test_that_only_groups_have_permissions_of_their_own(client: Any) -> None:
    made = dataset()
    made.details.permissions = omero.model.PermissionsI("rwrwrw")
    with pytest.raises(omero.SecurityViolation, match="permissions"):
        save(client, made)
    made.details.permissions = omero.model.PermissionsI("rw----")
    assert save(client, made).id.val > 0


def test_that_people_and_enumerations_are_made_by_their_own_services(client: Any) -> None:
    made = omero.model.ImmersionI()
    made.value = rstring("Treacle")
    for target in (made, omero.model.ExperimenterGroupI()):
        with pytest.raises(omero.SecurityViolation, match="System-type"):
            save(client, target)


def test_that_an_object_is_changed_in_its_own_group(lab: Lab, client: Any) -> None:
    saved = save(client, dataset())
    saved.name = rstring("changed")
    with pytest.raises(omero.SecurityViolation, match="Currently logged into group"):
        save(client, saved, **{"omero.group": str(lab.shared)})
    assert save(client, saved).name.val == "changed"


def test_that_administrators_alone_ask_for_an_index(client: Any, connect: Connect) -> None:
    saved = save(client, dataset())
    with pytest.raises(omero.SecurityViolation):
        client.getSession().getUpdateService().indexObject(saved)
    update = connect("root", "omero").getSession().getUpdateService()
    update.indexObject(saved)
    with pytest.raises(omero.ValidationException):
        update.indexObject(dataset())


def test_that_a_session_of_another_opens_none_of_its_own(connect: Connect) -> None:
    service = connect("root", "omero").getSession().getSessionService()
    made = service.createSessionWithTimeout(omero.sys.Principal("ada", "private lab", "Test"), 60_000)
    sudo = connect(made.uuid.val, made.uuid.val).getSession().getSessionService()
    with pytest.raises(omero.SecurityViolation):
        sudo.createUserSession(0, 30_000, "private lab")
