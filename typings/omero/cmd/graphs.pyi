"""Options of commands that follow graphs."""

from collections.abc import Sequence

import Ice

class ChildOption(Ice.Object):
    includeType: list[str]
    excludeType: list[str]
    includeNs: list[str]
    excludeNs: list[str]
    def __init__(
        self,
        includeType: Sequence[str] | None = ...,
        excludeType: Sequence[str] | None = ...,
        includeNs: Sequence[str] | None = ...,
        excludeNs: Sequence[str] | None = ...,
    ) -> None: ...
