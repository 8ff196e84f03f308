"""OMERO.tables hung on plates and screens, by an unmodified client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import omero
import omero.grid

from omero_desk.entities.objects import Kind, Ref
from omero_desk.server.filesets.originals import place_by_id
from tests.support.plate_library import PlateLab

ADDED = 50_000
"""Rows a call."""


class TableWriter:
    """Writes as ada does."""

    def __init__(self, lab: PlateLab, client: Any) -> None:
        self._lab, self._client = lab, client

    def write(self, target: Ref, name: str, columns: Sequence[Any]) -> int:
        """Hang a table on a plate, a run or a screen; returns its file's id."""
        file = self._filled(name, columns)
        annotation = omero.model.FileAnnotationI()
        annotation.file = file.proxy()
        self._link(target, annotation)
        return int(file.id.val)

    def screen(self, plate: int) -> Ref:
        """A new screen with a plate."""
        screen, link = omero.model.ScreenI(), omero.model.ScreenPlateLinkI()
        screen.name = omero.rtypes.rstring("Screen")
        link.parent, link.child = screen, omero.model.PlateI(plate, False)
        return Ref(Kind.SCREEN, self._save(link).parent.id.val)

    def place(self, file_id: int) -> Path:
        """Where a table's file is."""
        assert self._lab.server is not None
        assert self._lab.server.data is not None
        return place_by_id(self._lab.server.data, file_id)

    def _filled(self, name: str, columns: Sequence[Any]) -> Any:
        table = self._client.sf.sharedResources().newTable(1, name)
        try:
            table.initialize(columns)
            whole = [column.values for column in columns if hasattr(column, "values")]
            if len(whole) < len(columns):  # masks, which have no values
                table.addData(columns)
                return table.getOriginalFile()
            for start in range(0, len(whole[0]), ADDED):
                for column, values in zip(columns, whole, strict=True):
                    column.values = values[start : start + ADDED]
                table.addData(columns)
            return table.getOriginalFile()
        finally:
            table.close()

    def _link(self, target: Ref, annotation: Any) -> None:
        link = getattr(omero.model, f"{target.kind}AnnotationLinkI")()
        link.parent = getattr(omero.model, f"{target.kind}I")(target.id, False)
        link.child = annotation
        self._save(link)

    def _save(self, made: Any) -> Any:
        return self._client.sf.getUpdateService().saveAndReturnObject(made)


@contextmanager
def table_writer(lab: PlateLab) -> Iterator[TableWriter]:
    """A writer that is signed in."""
    assert lab.server is not None
    client = omero.client(host=lab.server.host, port=lab.server.ssl_port)
    client.createSession("ada", "ada")
    try:
        yield TableWriter(lab, client)
    finally:
        client.closeSession()
