"""Damaged tables: what ends a process of its own is not opened."""

from __future__ import annotations

from pathlib import Path
from random import Random

import omero
import pytest
from omero.columns import LongColumnI

from bench.attack.mangler import changed
from omero_desk.server.files.held import is_held
from omero_desk.server.tables import store

DEADLY = 184
"""The seed of damages on which the HDF5 library of the lock file ends its process."""


def made(path: Path) -> Path:
    """A table of one column, written by the server's own storage."""
    tables, holder, columns = store(), object(), [LongColumnI("a", "", [1, 2, 3])]
    storage = tables.attach(path, holder)
    assert is_held(path)
    storage.initialize(columns)
    storage.append(columns)
    tables.detach(path, storage, holder)
    assert not is_held(path)
    return path


def test_that_a_table_that_ends_its_reader_is_refused_in_words(tmp_path: Path) -> None:
    content, random = made(tmp_path / "sound.h5").read_bytes(), Random(DEADLY)
    damaged = tmp_path / "damaged.h5"
    damaged.write_bytes(changed(content, random, random.choice((1, 10, 200))))
    with pytest.raises(omero.ValidationException) as refused:
        store().attach(damaged, object())
    assert "damaged" in refused.value.message
    assert not is_held(damaged)


def test_that_a_sound_table_that_somebody_sent_is_opened(tmp_path: Path) -> None:
    sent = tmp_path / "sent.h5"
    sent.write_bytes(made(tmp_path / "sound.h5").read_bytes())
    holder = object()
    storage = store().attach(sent, holder)
    assert storage.rows() == 3
    store().detach(sent, storage, holder)
