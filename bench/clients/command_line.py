"""The `omero` command line: sessions, objects, queries, search, files, users and groups."""

from __future__ import annotations

import io
import os
import re
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

from omero.cli import CLI

from bench.clients.tasks import NotRunError, Place, Tasks

TASKS = Tasks("omero command line", "omero-py")


@cache
def _program(folder: Path) -> Any:
    """Return the command line with all of its plugins, which take seconds to load; its sessions are in `folder`."""
    os.environ["OMERO_USERDIR"] = str(folder / "omero")
    os.environ["OMERO_SESSIONDIR"] = str(folder / "omero" / "sessions")
    program = CLI()
    program.loadplugins()
    return program


def omero(place: Place, *words: str, fails: bool = False) -> str:
    """Run a command as `omero WORDS`; returns what it printed, errors after the rest."""
    program, out, errors, code = _program(place.folder), io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(errors):
        try:
            program.invoke(list(words), strict=True)
        except SystemExit as end:
            code = int(end.code or 0)
        except Exception as error:  # noqa: BLE001  # the program itself would print it and end
            code = getattr(error, "rv", 1)
            print(error, file=errors)
    printed = f"{out.getvalue()}\n{errors.getvalue()}".strip()
    assert bool(code) is fails, f"omero {' '.join(words)}: {printed[-400:]}"
    return printed


def login(place: Place, user: str = "", password: str = "") -> str:
    """Sign in; the session is the one for all commands that follow."""
    there = f"{user or place.user}@{place.host}:{place.port}"
    return omero(place, "login", there, "-w", password or place.password)


def new(place: Place, kind: str, *fields: str) -> str:
    """Make an object; returns it as Class:id."""
    return omero(place, "obj", "new", kind, *fields).splitlines()[0]


def some_image(place: Place) -> str:
    """Return the id of an image of the user's that has a file."""
    query = f"select min(i.id) from Image i where i.fileset is not null and i.details.owner.omeName = '{place.user}'"
    return omero(place, "hql", "-q", "--style", "plain", query).splitlines()[0].split(",")[1]


def other_group(place: Place) -> str:
    """Return the name of a group that the user is in beside the session's own."""
    query = (
        "select min(m.parent.id) from GroupExperimenterMap m "
        f"where m.child.omeName = '{place.user}' and m.parent.name != 'user' and m.parent.id != {_group_id(place)}"
    )
    return omero(place, "hql", "-q", "--style", "plain", query).splitlines()[0].split(",")[1]


def _group_id(place: Place) -> int:
    return int(_program(place.folder).get_event_context().groupId)


@TASKS("login, and with a wrong password")
def _sign_in(place: Place) -> str:
    told = login(place)
    assert f"for {place.user}@" in told, told
    there = f"{place.user}@{place.host}:{place.port}"
    refused = omero(place, "login", there, "-w", "wrong", "-C", fails=True)
    assert "Password check failed" in refused, refused
    login(place)
    return told.splitlines()[-1]


@TASKS("sessions: list, who, file, group")
def _sessions(place: Place) -> str:
    login(place)
    assert place.user in omero(place, "sessions", "list")
    assert place.user in omero(place, "sessions", "who")
    assert Path(omero(place, "sessions", "file").splitlines()[-1]).exists()
    assert omero(place, "sessions", "key")
    return omero(place, "sessions", "group").splitlines()[-1]


@TASKS("obj: new, update, get, list-get, map-set, links, null")
def _objects(place: Place) -> str:
    login(place)
    project, dataset = new(place, "Project", "name=by omero"), new(place, "Dataset", "name=by omero")
    link = new(place, "ProjectDatasetLink", f"parent={project}", f"child={dataset}")
    omero(place, "obj", "update", project, "name=renamed", "description=by omero obj")
    assert omero(place, "obj", "get", project, "name").splitlines()[0] == "renamed"
    assert "description=by omero obj" in omero(place, "obj", "get", project)
    omero(place, "obj", "null", project, "description")
    mapped = new(place, "MapAnnotation", "ns=example.org/clients")
    omero(place, "obj", "map-set", mapped, "mapValue", "colour", "blue")
    assert "colour" in omero(place, "obj", "get", mapped, "mapValue")
    assert omero(place, "obj", "map-get", mapped, "mapValue", "colour").splitlines()[0] == "blue"
    omero(place, "delete", mapped)
    omero(place, "delete", f"Project/Dataset:{project.split(':')[1]}", project)
    return f"{project}, {dataset}, {link}"


@TASKS("hql: rows, styles, pages")
def _hql(place: Place) -> str:
    login(place)
    query = "select i.name, i.id, p.sizeX from Image i join i.pixels p order by i.id"
    rows = omero(place, "hql", "-q", "--limit", "2", "--style", "csv", query)
    assert len([line for line in rows.splitlines() if re.match(r"\d+,", line)]) == 2, rows
    omero(place, "hql", "-q", "--limit", "2", "select e from Experimenter e join fetch e.groupExperimenterMap")
    omero(place, "hql", "-q", "select nonsense from Image", fails=True)
    return rows.splitlines()[0]


@TASKS("search: by word, field and date; and index")
def _search(place: Place) -> str:
    login(place)
    dataset = new(place, "Dataset", "name=zebrafinch")
    found = omero(place, "search", "Dataset", "zebrafinch")
    assert dataset.split(":")[1] in found, found
    assert dataset.split(":")[1] in omero(place, "search", "Dataset", "zebra*", "--field", "name")
    nothing = omero(place, "search", "Dataset", "zebrafinch", "--from", "2001-01-01", "--to", "2001-02-01", fails=True)
    assert "No results found" in nothing
    login(place, "root", place.root_password)
    omero(place, "search", dataset, "--index")
    login(place)
    omero(place, "delete", dataset)
    return " ".join(found.split())[:60]


@TASKS("tag: create, createset, list, listsets, link")
def _tags(place: Place) -> None:
    login(place)
    omero(place, "tag", "create", "--name", "client tag", "--desc", "made by omero tag")
    listed = omero(place, "tag", "list", "--nopage")
    number = re.search(r"(\d+):'client tag'", listed)
    assert number, listed[:300]
    omero(place, "tag", "createset", "--tag", number[1], "--name", "client set", "--desc", "of one")
    assert "client set" in omero(place, "tag", "listsets", "--nopage")
    dataset = new(place, "Dataset", "name=tagged")
    omero(place, "tag", "link", dataset, number[1])
    omero(place, "delete", dataset, f"TagAnnotation:{number[1]}")


@TASKS("download: an image's files, an original file; and upload")
def _files(place: Place) -> str:
    login(place)
    folder = place.folder / "downloaded"
    omero(place, "download", f"Image:{some_image(place)}", str(folder))
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    assert found[0].stat().st_size > 0
    text = place.folder / "uploaded.txt"
    text.write_text("sent by omero upload")
    made = re.search(r"OriginalFile:(\d+)", omero(place, "upload", str(text)))
    assert made
    back = place.folder / "back.txt"
    omero(place, "download", f"OriginalFile:{made[1]}", str(back))
    assert back.read_text() == text.read_text()
    omero(place, "delete", f"OriginalFile:{made[1]}")
    return f"{found[0].name}, {found[0].stat().st_size:,} bytes"


@TASKS("delete: --dry-run, --report, by include and exclude, by query")
def _delete(place: Place) -> str:
    login(place)
    project, dataset = new(place, "Project", "name=goes"), new(place, "Dataset", "name=goes")
    new(place, "ProjectDatasetLink", f"parent={project}", f"child={dataset}")
    told = omero(place, "delete", "--dry-run", "--report", project)
    assert "Dry run performed" in told, told
    omero(place, "obj", "get", project, "name")
    omero(place, "delete", project, "--exclude", "Dataset", "--report")
    assert omero(place, "obj", "get", dataset, "name")
    assert dataset in omero(place, "delete", dataset, "--include", "Annotation", "--report")
    return omero(place, "delete", "Image:123456789").splitlines()[-1]


@TASKS("chgrp, chown")
def _move(place: Place) -> None:
    login(place)
    dataset, group = new(place, "Dataset", "name=moves"), other_group(place)
    omero(place, "chgrp", "--report", group, dataset)
    login(place, "root", place.root_password)
    omero(place, "chown", "--report", "root", dataset)
    omero(place, "delete", dataset)


@TASKS("group and user: list, info, add, adduser, removeuser, joingroup, password")
def _people(place: Place) -> str:
    login(place, "root", place.root_password)
    name = f"made{os.getpid()}"
    omero(place, "group", "add", name, "--type", "read-annotate")
    omero(place, "user", "add", name, "Made", "Here", "--group-name", name, "-P", "secret word")
    assert name in omero(place, "group", "list")
    assert name in omero(place, "user", "list")
    omero(place, "group", "info", name)
    omero(place, "user", "info", name)
    omero(place, "group", "adduser", "--name", name, "--user-name", place.user)
    omero(place, "group", "removeuser", "--name", name, "--user-name", place.user)
    omero(place, "user", "joingroup", "--name", place.user, "--group-name", name)
    omero(place, "user", "leavegroup", "--name", place.user, "--group-name", name)
    omero(place, "group", "perms", "--name", name, "--type", "read-only")
    login(place, name, "secret word")
    login(place)
    return name


@TASKS("fs: repos, sets, images, ls, usage")
def _file_system(place: Place) -> str:
    login(place)
    image = some_image(place)
    fileset = omero(place, "hql", "-q", "--style", "plain", f"select i.fileset.id from Image i where i.id = {image}")
    fileset = fileset.splitlines()[0].split(",")[1]
    omero(place, "fs", "sets", "--limit", "3")
    omero(place, "fs", "images", "--limit", "3")
    listed = omero(place, "fs", "ls", f"Fileset:{fileset}")
    assert listed
    usage = omero(place, "fs", "usage", f"Image:{image}", "--report")
    assert "Total disk usage" in usage
    login(place, "root", place.root_password)
    repositories = omero(place, "fs", "repos", "--style", "plain")
    assert repositories
    login(place)
    return f"{listed.splitlines()[0]}; {usage.splitlines()[0]}"


@TASKS("script: list; export: an OME-TIFF")
def _others(place: Place) -> str:
    login(place)
    omero(place, "script", "list")
    path = place.folder / "exported.ome.tif"
    path.unlink(missing_ok=True)
    omero(place, "export", "--file", str(path), f"Image:{some_image(place)}")
    return f"{path.stat().st_size:,} bytes"


@TASKS("import: needs Java and OMERO's importer")
def _java_import(place: Place) -> None:
    raise NotRunError("the importer is a program in Java that `omero import` fetches from OME's own site")


@TASKS("logout")
def _sign_out(place: Place) -> None:
    login(place)
    omero(place, "logout")
