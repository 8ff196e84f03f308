"""OMERO.web's forms, as its own scripts in the browser send them: changing."""

from __future__ import annotations

import io
import json
from typing import Any

from bench.clients.omero_web import Visitor, visitor
from bench.clients.tasks import Place, Tasks
from bench.clients.web_pages import images_of, user_of

TASKS = Tasks("OMERO.web, forms", "omero-web", "Django", "omero-py")


def new(web: Visitor, kind: str, parent: str = "", **fields: str) -> int:
    """Make a container in the tree; `parent` is such as "project/3/"."""
    form = {"folder_type": kind, "name": f"a {kind} from OMERO.web", **fields}
    return int(web.post(f"/webclient/action/addnewcontainer/{parent}", form).json()["id"])


def delete(web: Visitor, kind: str, number: int) -> None:
    """Delete with all that is in it, and wait."""
    web.post("/webclient/action/deletemany/", {kind: number, "child": "on", "anns": "on"})
    web.wait_for_activities()


@TASKS("make a project, a dataset in it, a screen, a tag, a tag set")
def _containers(place: Place) -> None:
    web = visitor(place)
    project = new(web, "project", description="described")
    dataset = new(web, "dataset", f"project/{project}/")
    found = web.json("/webclient/api/datasets/", id=project, page=0, group=-1)["datasets"]
    assert [each["id"] for each in found] == [dataset]
    for kind in ("screen", "tag", "tagset"):
        delete(web, "tag" if kind == "tagset" else kind, new(web, kind))
    delete(web, "project", project)


@TASKS("rename, describe")
def _rename(place: Place) -> None:
    web = visitor(place)
    project = new(web, "project")
    web.post(f"/webclient/action/savename/project/{project}/", {"name": "renamed in OMERO.web"})
    web.post(f"/webclient/action/savedescription/project/{project}/", {"description": "described in OMERO.web"})
    page = web.get(f"/webclient/metadata_details/project/{project}/").text
    assert "renamed in OMERO.web" in page
    assert "described in OMERO.web" in page
    delete(web, "project", project)


@TASKS("drag and drop: link and unlink")
def _links(place: Place) -> None:
    web = visitor(place)
    project, dataset = new(web, "project"), new(web, "dataset")
    link = {"project": {str(project): {"dataset": [dataset]}}}
    for method, count in (("POST", 1), ("DELETE", 0)):
        assert web.post("/webclient/api/links/", method=method, json=link).json()["success"]
        found = web.json("/webclient/api/datasets/", id=project, page=0, group=-1)["datasets"]
        assert len(found) == count
    delete(web, "project", project)
    delete(web, "dataset", dataset)


@TASKS("annotate: tag, comment, key-value pairs, rating, file; change and remove them")
def _annotate(place: Place) -> str:
    web = visitor(place)
    dataset = new(web, "dataset")
    form = {"newtags-TOTAL_FORMS": 1, "newtags-INITIAL_FORMS": 0, "newtags-MAX_NUM_FORMS": 1000, "tags": ""}
    tag = {"newtags-0-tag": "from OMERO.web", "newtags-0-description": "d", "newtags-0-tagset": ""}
    web.post("/webclient/annotate_tags/", {"dataset": dataset, **form, **tag})
    web.post("/webclient/annotate_comment/", {"dataset": dataset, "comment": "a comment"})
    web.post("/webclient/annotate_map/", {"dataset": dataset, "mapAnnotation": json.dumps([["key", "value"]])})
    web.post("/webclient/annotate_rating/", {"dataset": dataset, "rating": 4})
    text = {"annotation_file": ("hello.txt", io.BytesIO(b"as it was"), "text/plain")}
    web.post("/webclient/annotate_file/", {"dataset": dataset}, files=text)
    found = _annotations(web, dataset)
    assert web.get(f"/webclient/annotation/{found['FileAnnotationI']['id']}/").content == b"as it was"
    assert found["LongAnnotationI"]["longValue"] == 4
    key = {"dataset": dataset, "annId": found["MapAnnotationI"]["id"], "mapAnnotation": json.dumps([["key", "other"]])}
    web.post("/webclient/annotate_map/", key)
    assert _annotations(web, dataset)["MapAnnotationI"]["values"] == [["key", "other"]]
    web.post(f"/webclient/action/remove/tag/{found['TagAnnotationI']['id']}/", {"parent": f"dataset-{dataset}"})
    assert "TagAnnotationI" not in _annotations(web, dataset)
    delete(web, "tag", found["TagAnnotationI"]["id"])
    delete(web, "dataset", dataset)
    return ", ".join(sorted(name[:-1] for name in found))


def _annotations(web: Visitor, dataset: int) -> dict[str, Any]:
    """Return a dataset's annotations by class."""
    found = web.json("/webclient/api/annotations/", dataset=dataset)["annotations"]
    return {each["class"]: each for each in found}


@TASKS("rendering settings: save, copy and paste, reset, the owner's")
def _settings(place: Place) -> str:
    web = visitor(place)
    first, second = _alike(web)
    others = range(2, len(web.json(f"/webgateway/imgData/{first}/")["channels"]) + 1)
    channels = ",".join(["1|10:300$00FF00", *(f"-{number}|0:500$FF0000" for number in others)])
    web.post(f"/webgateway/saveImgRDef/{first}/?c={channels}&m=c&z=1&t=1&p=normal&q=0.9")
    assert web.json("/webgateway/copyImgRDef/", fromid=first) is True
    pasted = web.post("/webgateway/copyImgRDef/", {"fromid": first, "toids": second, "to_type": "Image"}).json()
    assert pasted == {"true": [second], "false": []}, pasted
    channel = web.json(f"/webgateway/imgData/{second}/")["channels"][0]
    assert (channel["window"]["start"], channel["window"]["end"], channel["color"]) == (10.0, 300.0, "00FF00")
    for action in ("resetRDef", "applyOwnersRDef", "resetRDef"):
        web.post(f"/webgateway/{action}/", {"toids": [first, second], "to_type": "image"})
    channel = web.json(f"/webgateway/imgData/{second}/")["channels"][0]
    assert (channel["window"]["start"], channel["window"]["end"]) != (10.0, 300.0)
    return f"images {first} and {second}"


def _alike(web: Visitor) -> tuple[int, int]:
    """Return two images with as many channels."""
    found: dict[int, int] = {}
    for image in images_of(web):
        count = len(web.json(f"/webgateway/imgData/{image['id']}/")["channels"])
        if count in found:
            return found[count], image["id"]
        found[count] = image["id"]
    raise AssertionError("No two images are alike.")


@TASKS("name an image's channels")
def _channels(place: Place) -> None:
    web = visitor(place)
    image = images_of(web)[0]["id"]
    before = [channel["label"] for channel in web.json(f"/webgateway/imgData/{image}/")["channels"]]
    for labels in ([f"{label}, named" for label in before], before):
        form = {f"channel{number}": label for number, label in enumerate(labels)}
        web.post(f"/webclient/edit_channel_names/{image}/", form)
        found = [channel["label"] for channel in web.json(f"/webgateway/imgData/{image}/")["channels"]]
        assert found == labels


@TASKS("move to another group: dry run, and chgrp")
def _chgrp(place: Place) -> str:
    web = visitor(place)
    project = new(web, "project")
    dataset = new(web, "dataset", f"project/{project}/")
    group = web.json("/webclient/load_chgrp_groups/", Project=project)["groups"][0]["id"]
    job = web.post("/webclient/chgrpDryRun/", {"Project": project, "group_id": group}).text
    told = _finished(web, job)
    assert told["includedObjects"] == {"Projects": [project], "Datasets": [dataset]}, told
    web.post("/webclient/chgrp/", {"Project": project, "group_id": group})
    web.wait_for_activities()
    there = web.json("/webclient/api/containers/", id=user_of(web), group=group, page=0)["projects"]
    assert project in [each["id"] for each in there]
    delete(web, "project", project)
    return f"to group {group}"


def _finished(web: Visitor, job: str) -> Any:
    """Return what a job says in the end."""
    for _ in range(100):
        told = web.json("/webclient/activities_json/", jobId=job)
        if told.get("finished"):
            return told
    raise AssertionError("It does not end.")


@TASKS("change the password; the JSON API's save and delete")
def _account(place: Place) -> None:
    web = visitor(place)
    for old, fresh in ((place.password, "another one"), ("another one", place.password)):
        form = {"old_password": old, "password": fresh, "confirmation": fresh}
        assert "OK" in web.post(f"/webadmin/change_password/{user_of(web)}/", form).text
    group = web.json(f"/api/v0/m/experimenters/{user_of(web)}/experimentergroups/")["data"][-1]["@id"]
    schema = "http://www.openmicroscopy.org/Schemas/OME/2016-06#Project"
    made = web.post(f"/api/v0/m/save/?group={group}", json={"Name": "by the API", "@type": schema}).json()["data"]
    web.post(f"/api/v0/m/projects/{made['@id']}/", method="DELETE")


@TASKS("administration: users, groups, disk usage, a new group and user")
def _administration(place: Place) -> None:
    web = Visitor(visitor(place).url)
    web.sign_in("root", place.root_password)
    for page in ("experimenters/", "groups/", "drivespace_json/groups/", "experimenter/new/", "group/new/"):
        web.get(f"/webadmin/{page}")
    web.post("/webadmin/group/create/", {"name": f"web {place.folder.name}", "permissions": 1, "description": ""})
    groups = {each["name"]: each["id"] for each in web.json("/webclient/api/groups/")["groups"]}
    made = groups[f"web {place.folder.name}"]
    person = {"omename": f"web{made}", "first_name": "New", "last_name": "Person", "password": "a secret"}
    groups_of = {"default_group": made, "other_groups": made}
    form = {**person, **groups_of, "confirmation": "a secret", "active": "on", "role": "user"}
    web.post("/webadmin/experimenter/create/", form)
    assert "/login" not in Visitor(web.url).sign_in(f"web{made}", "a secret").url
