"""Reads thumbnails from the server, and keeps them on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from typing_extensions import override

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.thumbnails import Kept, ThumbnailSource
from omero_desk.gateway.images import thumbnails
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.gallery.thumbnails import ReadsThumbnails
from omero_desk.readers.thumbnail_file import ThumbnailFile


class ThumbnailReader(ReadsThumbnails):
    """Reads thumbnails through the calls of an account, and keeps them in a file that only `disk` works on here.

    `tell` is called once, with the reason, if nothing can be kept any more.
    """

    def __init__(
        self,
        calls: SendsCalls,
        file: ThumbnailFile,
        disk: Worker,
        tell: Callable[[str], object] = lambda reason: None,
    ) -> None:
        self._calls, self._file, self._disk = calls, file, disk
        self._tell = tell
        self._has_told = False

    @override
    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        account = self._calls.account
        user_id = account.user.id if account is not None else -1
        return await self._calls.call(Lane.THUMBNAILS, thumbnails.sources, image_ids, user_id)

    @override
    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        return await self._calls.call(Lane.THUMBNAILS, thumbnails.pictures, pixels_ids, longest_side)

    @override
    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        return await self._calls.call(Lane.THUMBNAILS, thumbnails.picture, pixels_id, longest_side)

    @override
    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        keys = {image: self._key(image, size) for image in image_ids}
        found = await self._disk.run(partial(self._file.find, list(keys.values())))
        self._tell_problem()
        return {image: found[key] for image, key in keys.items() if key in found}

    @override
    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        kept = {self._key(image, size): one for image, one in pictures.items()}
        await self._disk.run(partial(self._file.keep, kept))
        self._tell_problem()

    def _tell_problem(self) -> None:
        if self._file.problem and not self._has_told:
            self._has_told = True
            self._tell(self._file.problem)

    def _key(self, image_id: int, size: int) -> str:
        """Return the key of a picture, of this account alone.

        `size` is in physical pixels, so that each screen finds its own pictures.
        """
        account = self._calls.account
        return f"{account.identity if account is not None else ''}/{image_id}/{size}"
