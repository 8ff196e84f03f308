"""Hierarchies from images upwards, as IContainer.findContainerHierarchies returns them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol, TypeVar

import omero.model
from omero.model import IObject

UPWARDS: Final = (
    "select img from Image img left outer join fetch img.datasetLinks dil left outer join fetch dil.parent ds "
    "left outer join fetch ds.projectLinks pdl left outer join fetch pdl.parent where img.id in (:ids) order by img.id"
)
"""Images with their datasets, and those with their projects."""

Parent = TypeVar("Parent", bound=IObject)
Parent_co = TypeVar("Parent_co", bound=IObject, covariant=True)


class ContainerLink(Protocol[Parent_co]):
    """A link between a container and what is in it."""

    @property
    def parent(self) -> Parent_co:
        """The container."""

    @property
    def details(self) -> omero.model.Details:
        """The owner and group of the link."""


class Hierarchies:
    """Turns images that know their parents into parents that know these children (HierarchyTransformations.invertPDI).

    Only links of the owner or the group in `scope` ("owner" or "group", by id) are followed, all if it is empty.
    """

    def __init__(self, scope: Mapping[str, object]) -> None:
        self._scope = scope
        self._tops: dict[tuple[str, int], IObject] = {}
        self._emptied: set[tuple[str, int]] = set()

    def invert(self, images: Iterable[omero.model.Image]) -> list[IObject]:
        """Return the projects, and the datasets and images that are in none."""
        datasets: dict[int, omero.model.Dataset] = {}
        for image in images:
            for dataset in self._lift(image, image.copyDatasetLinks(), "imageLinks"):
                datasets[dataset.id.val] = dataset
        for dataset in datasets.values():
            for project in self._lift(dataset, dataset.copyProjectLinks(), "datasetLinks"):
                self._tops[_key(project)] = project
        return list(self._tops.values())

    def _lift(self, child: IObject, links: Iterable[ContainerLink[Parent]], downwards: str) -> list[Parent]:
        """Add a child to its parents, or leave it at the top; return the parents."""
        followed = [link for link in links if self._is_followed(link)]
        for link in followed:
            self._members(link.parent, downwards).append(link)
        if not followed:
            self._tops[_key(child)] = child
        return [link.parent for link in followed]

    def _members(self, parent: IObject, downwards: str) -> list[ContainerLink[IObject]]:
        """Return the links below a parent that belong to the answer."""
        if _key(parent) not in self._emptied:
            self._emptied.add(_key(parent))
            setattr(parent, f"_{downwards}Seq", [])
            setattr(parent, f"_{downwards}Loaded", True)
        members: list[ContainerLink[IObject]] = getattr(parent, f"_{downwards}Seq")
        return members

    def _is_followed(self, link: ContainerLink[IObject]) -> bool:
        return all(getattr(link.details, name).id.val == wanted for name, wanted in self._scope.items())


def _key(found: IObject) -> tuple[str, int]:
    return type(found).__name__, found.id.val
