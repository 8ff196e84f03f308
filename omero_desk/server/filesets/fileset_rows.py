"""The rows of an import: entered before its files come in, and removed if it fails."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import omero
import omero.model
import sqlalchemy as sa
from omero.rtypes import rstring, rtime
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.configuration import VERSION
from omero_desk.server.database.schema import Schema
from omero_desk.server.errors import server_error
from omero_desk.server.saving.save import save_graph

_SUBMITTED: Final = "Submitted"
_FINISHED: Final = "Finished"
_NOTE: Final = "desk.import."


def save_fileset(
    schema: Schema,
    connection: Connection,
    caller: Caller,
    fileset: omero.model.Fileset,
    file_ids: Sequence[int],
    folder: str,
) -> int:
    """Save a client's Fileset with its original files and OMERO's jobs for it; return its id.

    Raises omero.ValidationException for one that has not exactly one UploadJob.
    """
    job = _upload_job(fileset)
    server = omero.model.MetadataImportJobI()
    server.setVersionInfo([omero.model.NamedValue("omero.version", VERSION)])
    jobs = [job, server, omero.model.PixelDataJobI(), omero.model.ThumbnailGenerationJobI(), omero.model.IndexingJobI()]
    for each in jobs[1:]:
        fileset.linkJob(each)
    for each in jobs:
        _submit(each, caller)
    fileset.templatePrefix = rstring(folder)
    for entry, file_id in zip(fileset._usedFilesSeq, file_ids, strict=True):
        entry.originalFile = omero.model.OriginalFileI(file_id, False)
    save_graph(schema, connection, caller, [fileset], anywhere=True)
    saved: int = fileset.id.val
    connection.execute(_notes(schema).insert(), {"name": f"{_NOTE}{saved}", "value": folder})
    return saved


def finish_jobs(schema: Schema, connection: Connection, fileset_id: int) -> None:
    """Set the jobs of a fileset to finished, after which it is no longer discarded."""
    jobs, statuses = schema.table("UploadJob"), schema.table("JobStatus")
    status = sa.select(statuses.c.id).where(statuses.c.value == _FINISHED).scalar_subquery()
    values = {"status_id": status, "message": _FINISHED, "finished": round(time.time() * 1000)}
    connection.execute(jobs.update().where(jobs.c.id.in_(_jobs_of(schema, fileset_id))).values(values))
    notes = _notes(schema)
    connection.execute(notes.delete().where(notes.c.name == f"{_NOTE}{fileset_id}"))


def unfinished(schema: Schema, connection: Connection) -> list[int]:
    """Return the filesets whose files are coming in, or were when a server was killed."""
    notes = _notes(schema)
    names = connection.execute(sa.select(notes.c.name).where(notes.c.name.startswith(_NOTE, autoescape=True)))
    return [int(name.removeprefix(_NOTE)) for name in names.scalars()]


def remove_fileset(schema: Schema, connection: Connection, fileset_id: int, repo: str) -> str | None:
    """Delete a fileset that is not finished, its files and folders; return the folder that can go, None for no such.

    Raises sqlalchemy's IntegrityError where something else points at them by now.
    """
    filesets, files, notes = schema.table("Fileset"), schema.table("OriginalFile"), _notes(schema)
    is_noted = notes.c.name == f"{_NOTE}{fileset_id}"
    folder: str | None = connection.scalar(sa.select(notes.c.value).where(is_noted))
    if folder is None:
        return None
    jobs = list(connection.execute(_jobs_of(schema, fileset_id)).scalars())
    for name in ("FilesetEntry", "FilesetJobLink", "FilesetAnnotationLink"):
        table = schema.table(name)
        column = table.c.fileset_id if name == "FilesetEntry" else table.c.parent_id
        connection.execute(table.delete().where(column == fileset_id))
    _remove_jobs(schema, connection, jobs)
    connection.execute(filesets.delete().where(filesets.c.id == fileset_id))
    parent, _, name = folder.rstrip("/").rpartition("/")
    inside = sa.and_(files.c.path >= folder, files.c.path < folder + "\U0010ffff")
    itself = sa.and_(files.c.path == parent + "/", files.c.name == name)
    connection.execute(files.delete().where(files.c.repo == repo, sa.or_(inside, itself)))
    connection.execute(notes.delete().where(is_noted))
    return folder


def _notes(schema: Schema) -> sa.Table:
    """Return the table for notes on imports, which clients cannot write: a Fileset could be changed by its owner."""
    return schema.metadata.tables["configuration"]


def _remove_jobs(schema: Schema, connection: Connection, ids: Sequence[int]) -> None:
    links, jobs = schema.table("JobOriginalFileLink"), schema.table("UploadJob")
    connection.execute(links.delete().where(links.c.parent_id.in_(ids)))
    connection.execute(jobs.delete().where(jobs.c.id.in_(ids)))


def _jobs_of(schema: Schema, fileset_id: int) -> sa.Select[int]:
    links = schema.table("FilesetJobLink")
    return sa.select(links.c.child_id).where(links.c.parent_id == fileset_id)


def _upload_job(fileset: omero.model.Fileset) -> omero.model.UploadJob:
    links = [link for link in fileset._jobLinksSeq or () if link is not None]
    if len(links) != 1:
        raise server_error(omero.ValidationException, "Found more than one job link. Link only updateJob on creation!")
    job = links[0].child
    if job is None:
        raise server_error(omero.ValidationException, "Found null-UploadJob on creation")
    if not isinstance(job, omero.model.UploadJob):
        raise server_error(omero.ValidationException, f"Found non-UploadJob on creation: {type(job).__name__}")
    return job


def _submit(job: omero.model.Job, caller: Caller) -> None:
    """Set the fields of a job that a client may not set (JobBean.submit)."""
    now = rtime(time.time() * 1000)
    job.username, job.groupname = rstring(caller.user_name), rstring(caller.group_name)
    job.type, job.message = rstring("User"), rstring("")
    job.submitted = job.scheduledFor = now
    job.started = job.finished = None
    status = omero.model.JobStatusI()
    status.value = rstring(_SUBMITTED)
    job.status = status
