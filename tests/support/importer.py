"""An import without Java: the functions of omero-py's own test library, which ask for a client and no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import omero
from omero.callbacks import CmdCallbackI
from omero.rtypes import rstring, unwrap
from omero.sys import ParametersI
from omero.testlib import AbstractRepoTest
from omero_ext.path import path as omero_path


class Files(omero_path):
    """The test library opens its files as text; an image is none."""

    def open(self) -> Any:
        return Path(self).open("rb")


class Importer(AbstractRepoTest):
    """The test library's importer, on a client of ours."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.sf = client.sf

    def start(self, folder: Path, **settings: Any) -> Any:
        """Begin the import of a folder's files."""
        chosen = self.create_settings()
        for name, value in settings.items():
            setattr(chosen, name, value)
        return self.get_managed_repo().importFileset(self.create_fileset(Files(str(folder))), chosen)

    def upload(self, process: Any, folder: Path) -> list[str]:
        """Send the files; returns their checksums."""
        return list(self.upload_folder(process, Files(str(folder))))

    def finish(self, handle: Any) -> Any:
        """Wait for the response."""
        return self.wait(CmdCallbackI(self.client, handle))

    @staticmethod
    def wait(callback: Any) -> Any:
        """Return the response of a handle."""
        try:
            callback.loop(50, 500)
            return callback.getResponse()
        finally:
            callback.close(True)

    def assert_passes(self, callback: Any) -> Any:
        """What the test library asks of its user: the response of a success."""
        response = self.wait(callback)
        assert not isinstance(response, omero.cmd.ERR), response
        return response

    def run(self, folder: Path, **settings: Any) -> Any:
        """Import a folder's files; returns the response."""
        process = self.start(folder, **settings)
        try:
            return self.finish(process.verifyUpload(self.upload(process, folder)))
        finally:
            process.close()

    def run_files(self, paths: Sequence[Path], **settings: Any) -> Any:
        """Import files of several folders, the first of which is the image."""
        chosen = self.create_settings()
        for name, value in settings.items():
            setattr(chosen, name, value)
        fileset = omero.model.FilesetI()
        for path in paths:
            entry = omero.model.FilesetEntryI()
            entry.clientPath = rstring(path.as_posix())
            fileset.addFilesetEntry(entry)
        fileset.linkJob(omero.model.UploadJobI())
        process = self.get_managed_repo().importFileset(fileset, chosen)
        try:
            hashes = [self._send(process.getUploader(number), path) for number, path in enumerate(paths)]
            return self.finish(process.verifyUpload(hashes))
        finally:
            process.close()

    def _send(self, store: Any, path: Path) -> str:
        data = path.read_bytes()
        store.write(data, 0, len(data))
        store.close()
        return str(self.client.sha1(str(path)))

    def count(self, *classes: str) -> list[int]:
        """Count rows, as the user sees them."""
        query = self.sf.getQueryService()
        found = [query.projection(f"select count(o) from {name} o", ParametersI())[0][0] for name in classes]
        return [int(unwrap(each)) for each in found]
