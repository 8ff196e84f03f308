"""OMERO.web's pages and their JSON, as its own scripts in the browser ask for them: looking."""

from __future__ import annotations

import io
import re
from typing import Any

from PIL import Image

from bench.clients.omero_web import Visitor, address, visitor
from bench.clients.tasks import ClientFaultError, NotRunError, Place, Tasks

TASKS = Tasks("OMERO.web, pages", "omero-web", "Django", "omero-py")

_KINDS = "projects datasets images screens plates wells rois experimenters experimentergroups"


def image_of(web: Visitor) -> int:
    """Return the id of an image in a dataset of a project."""
    return int(images_of(web)[0]["id"])


def images_of(web: Visitor) -> list[dict[str, Any]]:
    """Return the images of a dataset of a project, as the tree shows them."""
    user = user_of(web)
    for project in web.json("/webclient/api/containers/", id=user, group=-1, page=0)["projects"]:
        for dataset in web.json("/webclient/api/datasets/", id=project["id"], page=0, group=-1)["datasets"]:
            if dataset["childCount"] > 1:
                details = {"sizeXYZ": "true", "date": "true", "thumbVersion": "true"}
                found = web.json("/webclient/api/images/", id=dataset["id"], page=0, group=-1, **details)["images"]
                assert len(found) == min(dataset["childCount"], 200)
                return list(found)
    raise AssertionError("There is no project with images.")


def user_of(web: Visitor) -> int:
    """Return the id of who is signed in."""
    found = re.search(r"active_user = \{'id': (\d+)", web.get("/webclient/").text)
    assert found
    return int(found[1])


def picture(data: bytes) -> Any:
    """Return a picture's size and how much is in it."""
    with Image.open(io.BytesIO(data)) as read:
        return read.size, len(read.convert("RGB").getcolors(1 << 24) or ())


@TASKS("sign in, and with a wrong password")
def _sign_in(place: Place) -> None:
    refused = Visitor(address(place)).sign_in(place.user, "wrong")
    assert "please check your user name and password" in refused.text.lower() or "error" in refused.text.lower()
    assert "/login" in refused.url
    assert Visitor(address(place)).sign_in(place.user, place.password).url.endswith("/webclient/")


@TASKS("tree: projects, datasets, images, orphans, tags; paths to an image")
def _tree(place: Place) -> str:
    web = visitor(place)
    images, user = images_of(web), user_of(web)
    image = images[0]["id"]
    assert web.json("/webclient/api/images/", orphaned="true", id=user, group=-1)["images"] is not None
    path = web.json("/webclient/api/paths_to_object/", image=image)["paths"][0]
    assert [step["type"] for step in path] == ["experimenter", "project", "dataset", "image"]
    parents = web.json("/webclient/api/parent_links/", image=image)["data"]
    tags = web.json("/webclient/api/tags/", experimenter_id=user, group=-1)["tags"]
    assert web.json("/webclient/api/groups/")["groups"]
    assert web.json("/webclient/api/shares/") == {"shares": [], "discussions": []}
    return f"{len(images)} images, {len(parents)} parents, {len(tags)} tags"


@TASKS("tree: screens, plates, runs; the wells of a plate")
def _plates(place: Place) -> str:
    web = visitor(place)
    screen = web.json("/webclient/api/containers/", id=user_of(web), group=-1, page=0)["screens"][0]["id"]
    plate = web.json("/webclient/api/plates/", id=screen, group=-1)["plates"][0]["id"]
    runs = web.json("/webclient/api/plate_acquisitions/", id=plate, group=-1)["acquisitions"]
    grid = web.json(f"/webgateway/plate/{plate}/")
    wells = [well for row in grid["grid"] for well in row if well]
    assert web.get(f"/webgateway/render_thumbnail/{wells[0]['id']}/96/").content[:2] == b"\xff\xd8"
    web.get(f"/webclient/load_plate/plate/{plate}/")
    return f"{len(wells)} wells, {len(runs)} runs"


@TASKS("tables: a well's rows, a query, the table's page and its CSV")
def _tables(place: Place) -> str:
    web = visitor(place)
    screens = web.json("/webclient/api/containers/", id=user_of(web), group=-1, page=0)["screens"]
    screen = next(each["id"] for each in screens if each["name"].startswith("Kinase"))
    plate = web.json("/webclient/api/plates/", id=screen, group=-1)["plates"][0]["id"]
    (well, *_) = (well for row in web.json(f"/webgateway/plate/{plate}/")["grid"] for well in row if well)
    of_well = f"/webgateway/table/Screen.plateLinks.child.wells/{well['wellId']}/query/"
    found = web.json(of_well, query=f"Well-{well['wellId']}")
    assert found["data"]["columns"][:3] == ["Plate", "Well", "Count_Nuclei"], found
    assert {row[1] for row in found["data"]["rows"]} == {well["wellId"]}
    file = found["id"]
    many = web.json(f"/webgateway/table/{file}/query/", query="(Count_Nuclei>200)&In_Focus", limit=1000)
    assert min(row[2] for row in many["data"]["rows"]) > 200
    assert web.json(f"/webgateway/table/{file}/metadata/")["totalCount"] == 768
    assert b"Count_Nuclei" in web.get(f"/webclient/omero_table/{file}/").content
    lines = web.get(f"/webclient/omero_table/{file}/csv/").text.splitlines()
    return f"{len(many['data']['rows'])} rows, {len(lines)} lines of CSV"


@TASKS("thumbnails: one, many, of a size")
def _thumbnails(place: Place) -> str:
    web = visitor(place)
    ids = [image["id"] for image in images_of(web)]
    many = web.json("/webclient/get_thumbnails/", id=ids)
    assert sorted(many) == sorted(map(str, ids))
    assert all(each.startswith("data:image/jpeg;base64,") for each in many.values())
    size, colours = picture(web.get(f"/webgateway/render_thumbnail/{ids[0]}/64/").content)
    assert max(size) == 64
    assert colours > 10
    assert web.get(f"/webclient/render_thumbnail/{ids[0]}/").content[:2] == b"\xff\xd8"
    return f"{len(many)} at once"


@TASKS("panel: details of a project, dataset, image, screen, plate; acquisition; hierarchy")
def _panel(place: Place) -> str:
    web = visitor(place)
    image = image_of(web)
    user = user_of(web)
    tree = web.json("/webclient/api/containers/", id=user, group=-1, page=0)
    named = {"project": tree["projects"][0], "screen": tree["screens"][0], "dataset": tree["datasets"][0]}
    for kind, each in named.items():
        assert each["name"] in web.get(f"/webclient/metadata_details/{kind}/{each['id']}/").text
    plate = web.json("/webclient/api/plates/", id=named["screen"]["id"], group=-1)["plates"][0]
    assert plate["name"] in web.get(f"/webclient/metadata_details/plate/{plate['id']}/").text
    assert "Pixels Type" in web.get(f"/webclient/metadata_details/image/{image}/").text
    for panel in ("metadata_acquisition", "metadata_preview", "metadata_hierarchy"):
        assert web.get(f"/webclient/{panel}/image/{image}/").text
    web.get(f"/webclient/load_original_metadata/{image}/")
    kinds = ("tag", "map", "file", "comment", "rating", "custom")
    found = {
        kind: len(web.json("/webclient/api/annotations/", image=image, type=kind)["annotations"]) for kind in kinds
    }
    return ", ".join(f"{count} {kind}" for kind, count in found.items())


@TASKS("viewer: image data, planes, regions, tiles, split channels, plots")
def _viewer(place: Place) -> str:
    web = visitor(place)
    image = image_of(web)
    data = web.json(f"/webgateway/imgData/{image}/")
    size = data["size"]["width"], data["size"]["height"]
    web.get(f"/webclient/img_detail/{image}/")
    for kept in ("c=1|0:2000$FF0000&m=c", "c=1|0:2000$cool.lut&m=c&p=intmax", "m=g&c=1"):
        assert picture(web.get(f"/webgateway/render_image/{image}/0/0/?{kept}").content)[0] == size
    region = web.get(f"/webgateway/render_image_region/{image}/0/0/", region="8,8,32,24", c="1", m="c")
    assert picture(region.content)[0] == (32, 24)
    web.get(f"/webgateway/render_split_channel/{image}/0/0/")
    web.get(f"/webgateway/render_birds_eye_view/{image}/")
    web.get(f"/webgateway/render_row_plot/{image}/0/0/10/")
    web.get(f"/webgateway/render_col_plot/{image}/0/0/10/")
    assert web.json(f"/webgateway/get_rois_json/{image}/") is not None
    return f"{size}, {len(data['channels'])} channels"


@TASKS("viewer: tiles of a pyramid")
def _pyramid(place: Place) -> str:
    web = visitor(place)
    found = _large(web)
    data = web.json(f"/webgateway/imgData/{found}/")
    assert data["tiles"], data
    width, height = data["tile_size"]["width"], data["tile_size"]["height"]
    for level in range(data["levels"]):
        tile = web.get(f"/webgateway/render_image_region/{found}/0/0/", tile=f"{level},0,0,{width},{height}", m="c")
        assert max(picture(tile.content)[0]) > 1
    return f"{data['size']['width']} x {data['size']['height']}, {data['levels']} levels"


def _large(web: Visitor) -> int:
    """Return an image that has a pyramid."""
    for dataset in web.json("/api/v0/m/datasets/", limit=500)["data"]:
        if dataset["Name"] == "Whole sections":
            return int(web.json(f"/api/v0/m/datasets/{dataset['@id']}/images/")["data"][0]["@id"])
    raise NotRunError("this library has no image with a pyramid")


@TASKS("histogram, LUTs and their picture, settings of all people")
def _settings(place: Place) -> str:
    web = visitor(place)
    image = image_of(web)
    counts = web.json(f"/webgateway/histogram_json/{image}/channel/0/")["data"]
    size = web.json(f"/webgateway/imgData/{image}/")["size"]
    assert sum(counts) == size["width"] * size["height"]
    luts = web.json("/webgateway/luts/")["luts"]
    assert web.get("/webgateway/luts_png/").content[:4] == b"\x89PNG"
    people = web.json(f"/webgateway/get_image_rdefs_json/{image}/")["rdefs"]
    return f"{len(luts)} LUTs, {len(people)} people's settings"


@TASKS("search page: names, all fields, dates, by id")
def _search(place: Place) -> str:
    web = visitor(place)
    name = images_of(web)[0]["name"]
    asked = {"datatype": ["images", "datasets", "projects"], "searchGroup": -1, "ownedBy": -1}
    fields = {"field": ["name", "description", "annotation"], "useAcquisitionDate": "false"}
    page = web.get("/webclient/load_searching/form/", query=name.split("-")[0].split(".")[0], **asked, **fields).text
    assert name in page
    by_id = web.get("/webclient/load_searching/form/", query=image_of(web), searchByIds="true", **asked).text
    assert "image-" in by_id
    nothing = web.get("/webclient/load_searching/form/", query="xyzzyplugh", **asked, **fields).text
    assert name not in nothing
    return f"{page.count('<tr id=')} rows"


@TASKS("webgateway/search")
def _gateway_search(place: Place) -> None:
    try:
        visitor(place).get("/webgateway/search/", text="cell", ctx="imgs")
    except AssertionError as error:
        if "KeyError" not in str(error):
            raise
        raise ClientFaultError("KeyError before it asks the server: it passes the context as a time span") from None


@TASKS("downloads: original file, OME-TIFF, PNG; file paths")
def _downloads(place: Place) -> str:
    web = visitor(place)
    image = image_of(web)
    paths = web.json(f"/webgateway/original_file_paths/{image}/")["repo"]
    original = web.get(f"/webgateway/archived_files/download/{image}/").content
    assert web.get(f"/webgateway/render_ome_tiff/i/{image}/").content[:2] in (b"II", b"MM")
    assert web.get("/webgateway/download_as/", image=image, format="png").content[:4] == b"\x89PNG"
    return f"{paths[0].rpartition('/')[2]}, {len(original):,} bytes"


@TASKS("other pages: history, tags, account, statistics, scripts, activities, chgrp dialog")
def _others(place: Place) -> None:
    web = visitor(place)
    image = image_of(web)
    pages = (
        "/webclient/history/ /webclient/load_calendar/ /webclient/usertags/ /webclient/group_user_content/ "
        "/webclient/search/ /webclient/list_scripts/ /webclient/activities/ /webclient/keepalive_ping/ "
        "/webadmin/myaccount/ /webadmin/stats/ /webadmin/drivespace_json/users/ "
        f"/webclient/load_chgrp_groups/?Image={image} /webclient/batch_annotate/?image={image} "
        f"/webclient/annotate_tags/?image={image} /webclient/avatar/{user_of(web)}/ /webgateway/proj/list/"
    )
    for page in pages.split():
        web.get(page)


@TASKS("JSON API: every kind of object, alone and in lists, with children")
def _json_api(place: Place) -> str:
    web, counts = visitor(place), {}
    for kind in _KINDS.split():
        page = web.json(f"/api/v0/m/{kind}/", limit=3, childCount="true")
        counts[kind] = page["meta"]["totalCount"]
        for each in page["data"]:
            assert web.json(f"/api/v0/m/{kind}/{each['@id']}/")["data"]["@id"] == each["@id"]
    image = image_of(web)
    for inner in (f"images/{image}/datasets", f"images/{image}/rois", "experimenters/0/experimentergroups"):
        web.json(f"/api/v0/m/{inner}/")
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
