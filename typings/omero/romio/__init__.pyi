"""What is asked of rendering and what it returns."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import Ice

MaybeNone: TypeAlias = Any  # None where nothing was set, which callers need not reckon with

XY: int
ZY: int
XZ: int

class CodomainMapContext(Ice.Object): ...

class PlaneDef(Ice.Object):
    slice: int
    x: int
    y: int
    z: int
    t: int
    region: RegionDef | None
    stride: int
    def __init__(
        self,
        slice: int = ...,
        x: int = ...,
        y: int = ...,
        z: int = ...,
        t: int = ...,
        region: RegionDef | None = ...,
        stride: int = ...,
    ) -> None: ...

class PlaneDefWithMasks(PlaneDef):
    shapeIds: list[int]
    def __init__(
        self,
        slice: int = ...,
        x: int = ...,
        y: int = ...,
        z: int = ...,
        t: int = ...,
        region: RegionDef | None = ...,
        stride: int = ...,
        shapeIds: Sequence[int] | None = ...,
    ) -> None: ...

class RGBBuffer(Ice.Object):
    bands: list[bytes]
    sizeX1: int
    sizeX2: int
    def __init__(self, bands: Sequence[bytes] | None = ..., sizeX1: int = ..., sizeX2: int = ...) -> None: ...

class RegionDef(Ice.Object):
    x: int
    y: int
    width: int
    height: int
    def __init__(self, x: int = ..., y: int = ..., width: int = ..., height: int = ...) -> None: ...

class ReverseIntensityMapContext(CodomainMapContext): ...
