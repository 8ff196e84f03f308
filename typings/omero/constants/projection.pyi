"""Enumerations."""

from typing import ClassVar

import Ice

class ProjectionType(Ice.EnumBase):
    MAXIMUMINTENSITY: ClassVar[ProjectionType]
    MEANINTENSITY: ClassVar[ProjectionType]
    SUMINTENSITY: ClassVar[ProjectionType]
    @classmethod
    def valueOf(cls, number: int) -> ProjectionType: ...
