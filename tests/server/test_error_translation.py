"""Errors of the parts below, as a client is told them."""

from __future__ import annotations

import os
from errno import ENOSPC

import omero
import pytest
import sqlalchemy as sa
from omero import all as _all  # noqa: F401  the exception classes appear in `omero` when this is imported
from sqlalchemy.exc import DBAPIError

from omero_desk.server.error_translation import translate


def full_database() -> Exception:
    """The error of an insert into a database that may not grow."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x TEXT)")
        connection.exec_driver_sql("PRAGMA max_page_count = 2")
        with pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("x" * 1_000_000,))
    return caught.value


@pytest.mark.parametrize("error", [full_database(), OSError(ENOSPC, os.strerror(ENOSPC))], ids=["database", "file"])
def test_that_a_full_disk_is_said_to_be_full(error: Exception) -> None:
    told = translate(error, "IUpdate.saveObject")
    assert isinstance(told, omero.ResourceError)
    assert told.message == "The server's disk is full: nothing was saved."


def test_that_a_fault_that_nobody_foresaw_is_told_by_its_kind_alone() -> None:
    told = translate(OSError(5, "Input/output error", "/home/somebody/omero.db"), "IUpdate.saveObject")
    assert isinstance(told, omero.InternalException)
    assert "somebody" not in str(told.message)
