"""Programs that were written for OMERO, run as they are against the embedded server; `report` makes a table of it.

A client's module holds its tasks. It needs the client and the standard library, so that it runs in the client's own
environment: `PYTHON -m bench.clients MODULE HOST PORT FOLDER` prints a line of JSON for each task.
"""
