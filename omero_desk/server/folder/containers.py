"""The projects and datasets that folders become.

Images that lie directly in a folder make a dataset. In the root it has the root's name; in a folder of the root that
folder's; deeper down it is in the project of the folder of the root, and has the rest of the path for a name, "a / b".
A folder of the root is a project as soon as one below it has images; its own images are a dataset in it then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from omero_desk.server.folder.ledger import Ledger, Shelved
from omero_desk.server.folder.own_rows import OwnRows


def dataset_name(folder: str, root_name: str) -> str:
    """Return the name of the dataset of a folder, "" being the root."""
    parts = folder.split("/")
    return " / ".join(parts[1:] or parts) if folder else root_name


def top_of(folder: str) -> str:
    """Return the folder of the root that a folder is, or is in; "" for the root."""
    return folder.partition("/")[0]


class Containers:
    """Creates the projects and datasets of folders; those that their owner renamed or moved stay so.

    `inodes` are those of the folders by path.
    """

    def __init__(self, rows: OwnRows, ledger: Ledger, root_name: str, inodes: Mapping[str, int]) -> None:
        self._rows = rows
        self._ledger = ledger
        self._root_name = root_name
        self._inodes = inodes
        self._known = ledger.folders()
        known = self._known.values()
        self._projects = rows.existing("Project", {one.project_id for one in known if one.project_id is not None})
        self._datasets = rows.existing("Dataset", {one.dataset_id for one in known if one.dataset_id is not None})

    def dataset(self, folder: str) -> int:
        """Return the dataset of a folder, made if need be, with its project."""
        known = self._shelved(folder)
        if known.dataset_id is not None and known.dataset_id in self._datasets:
            return known.dataset_id
        (dataset_id,) = self._rows.add("Dataset", [{"name": dataset_name(folder, self._root_name)}])
        self._datasets.add(dataset_id)
        self._note(replace(known, dataset_id=dataset_id))
        self._put_in_project(folder, dataset_id)
        return dataset_id

    def known(self, folder: str) -> int | None:
        """Return the dataset that was made for a folder, None if there is none."""
        found = self._known.get(folder)
        return found.dataset_id if found is not None else None

    def move(self, old: str, new: str) -> None:
        """Enter the new path of a folder; names of its containers follow unless a user has changed them."""
        known = self._known.pop(old)
        self._ledger.forget_folder(old)
        self._note(replace(known, path=new, inode=self._inodes.get(new, 0)))
        if known.project_id is not None:
            self._rename("Project", known.project_id, top_of(old), top_of(new))
        if known.dataset_id is not None:
            self._rename("Dataset", known.dataset_id, dataset_name(old, ""), dataset_name(new, ""))
            self._leave_project(known.dataset_id, self._known.get(top_of(old)))
            self._put_in_project(new, known.dataset_id)

    def _put_in_project(self, folder: str, dataset_id: int) -> None:
        """Link a dataset to the project of its top folder, which a dataset of a deeper folder makes one."""
        top = top_of(folder)
        if folder != top:
            own = self._known.get(top, Shelved(top, 0)).dataset_id
            mine = [dataset_id] if own is None or own not in self._datasets else [dataset_id, own]
            self._rows.link("ProjectDatasetLink", [(self._project(top), each) for each in mine])
        elif self._shelved(top).project_id in self._projects:
            self._rows.link("ProjectDatasetLink", [(self._project(top), dataset_id)])

    def _project(self, top: str) -> int:
        known = self._shelved(top)
        if known.project_id is not None and known.project_id in self._projects:
            return known.project_id
        (project_id,) = self._rows.add("Project", [{"name": top}])
        self._projects.add(project_id)
        self._note(replace(known, project_id=project_id))
        return project_id

    def _leave_project(self, dataset_id: int, shelved: Shelved | None) -> None:
        if shelved is not None and shelved.project_id is not None:
            links = self._rows.schema.table("ProjectDatasetLink")
            mine = (links.c.parent_id == shelved.project_id) & (links.c.child_id == dataset_id)
            ids = self._rows.connection.execute(select(links.c.id).where(mine)).scalars()
            self._rows.uproot("ProjectDatasetLink", list(ids))

    def _rename(self, class_name: str, row_id: int, old: str, new: str) -> None:
        table = self._rows.schema.table(class_name)
        if old != new and self._rows.connection.scalar(select(table.c.name).where(table.c.id == row_id)) == old:
            self._rows.change(class_name, row_id, name=new)

    def _shelved(self, folder: str) -> Shelved:
        return self._known.get(folder, Shelved(folder, self._inodes.get(folder, 0)))

    def _note(self, folder: Shelved) -> None:
        self._known[folder.path] = folder
        self._ledger.put_folder(folder)
