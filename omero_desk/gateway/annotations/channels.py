"""Names of channels, of many images at once (BlitzGateway.setChannelNames is the model)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import omero.model
from omero.rtypes import rstring
from typing_extensions import override

from omero_desk.entities.edits import Author, Edit, NameChannels, Receipt
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.edit_write import GONE, undoing
from omero_desk.gateway.annotations.many import ManyWrite, groups_of
from omero_desk.gateway.connection.session import LaneSession

_LOADED: Final = (
    "select p from Pixels p left outer join fetch p.channels as c join fetch c.logicalChannel as lc"
    " where p.image.id in (:ids) order by p.id"
)
_NOT_ALLOWED: Final = mark("Annotations", "You are not allowed to change the channels of this.")
_RENAMED: Final = mark("Annotations", "Somebody else has named these channels “{names}” meanwhile.")
Names = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """The channels of images that the user may change, and their names, by the images' ids."""

    channels: Mapping[int, list[omero.model.LogicalChannel]]
    names: Mapping[int, Names]


class ChannelsWrite(ManyWrite[Named]):
    """New names in the order of the channels; an empty name, and a channel beyond the names, stays as it is.

    The inverse gives images with equal old names these again. None where a channel had no name, which no edit gives.
    """

    def __init__(self, edit: NameChannels, author: Author) -> None:
        super().__init__(edit, author)
        self._names = edit.names
        self._seen: Names = edit.was if len(edit.refs) == 1 else ()

    @override
    def _look(self, session: LaneSession) -> Named:
        query = session.gateway.getQueryService()
        found = query.findAllByQuery(_LOADED, session.parameters({"ids": self._ids}), session.everywhere)
        if not found:
            raise FailedError(GONE)
        self._group = found[0].getDetails().getGroup().getId().getValue()
        channels: dict[int, list[omero.model.LogicalChannel]] = {}
        for pixels in found:
            loaded = [channel.getLogicalChannel() for channel in pixels.copyChannels() if channel is not None]
            is_here = pixels.getDetails().getGroup().getId().getValue() == self._group
            if is_here and all(each.getDetails().getPermissions().canEdit() for each in loaded):
                channels.setdefault(pixels.getImage().getId().getValue(), loaded)
        named = Named(channels, {image: tuple(map(_name, loaded)) for image, loaded in channels.items()})
        self._compare(named)
        return named

    @override
    def _is_done(self, state: Named) -> bool:
        return all(self._wanted(names) == names for names in state.names.values())

    @override
    def _save(self, session: LaneSession, draft: Named) -> Named:
        changed: dict[int, omero.model.LogicalChannel] = {}
        for channels in draft.channels.values():
            for channel, name in zip(channels, self._names, strict=False):
                if name and _name(channel) != name:
                    channel.setName(rstring(name))
                    channel.unloadCollections()
                    changed[channel.getId().getValue()] = channel
        if changed:
            session.gateway.getUpdateService().saveArray(list(changed.values()), self._options(session))
        return Named(draft.channels, {image: self._wanted(names) for image, names in draft.names.items()})

    @override
    def _receipt(self, saved: Named) -> Receipt:
        if not saved.names:
            raise FailedError(_NOT_ALLOWED)
        left_out = tuple(ref for ref in self._refs if ref.id not in saved.names)
        before = saved.names if self._before is None else self._before.names
        changed = (ref for ref in self._refs if ref.id in before and before[ref.id] != saved.names.get(ref.id))
        inverse = tuple(
            edit
            for names, refs in groups_of((before[ref.id], ref) for ref in changed).items()
            for edit in self._back(refs, names)
        )
        return Receipt(self.ref, inverse=inverse, left_out=left_out)

    def _back(self, refs: tuple[Ref, ...], names: Names) -> tuple[Edit, ...]:
        replaced = list(zip(self._names, names, strict=False))
        if any(new and not old for new, old in replaced):
            return ()
        olds = tuple(old if new else "" for new, old in replaced)
        was = self._wanted(names) if len(refs) == 1 else ()
        return undoing(lambda: NameChannels(refs, olds, was))

    def _wanted(self, names: Names) -> Names:
        """Return the names that channels with these names are to have."""
        new = (*self._names, *("" for _ in names))
        return tuple(wanted or now for wanted, now in zip(new, names, strict=False))

    def _compare(self, named: Named) -> None:
        """Tell of names of a single image that somebody else has given; the next try starts from what was told."""
        now = named.names.get(self.ref.id, ())
        known = zip(self._seen, now, self._wanted(now), strict=False)
        if any(there not in (seen, wanted) for seen, there, wanted in known):
            self._seen, self._before, self._prepared = now, None, False
            raise FailedError(_RENAMED, names=", ".join(now))


def _name(channel: omero.model.LogicalChannel) -> str:
    name = channel.getName()
    return "" if name is None else name.getValue()
