"""OMERO's rendering, one pixel at a time in plain Python: what the fast one is compared with.

Written from the documented formulas, and on purpose without a look at how the server does it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

TYPE_RANGES = {
    "bit": (0, 1),
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int16": (-32768, 32767),
    "uint16": (0, 65535),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "float": (-(2**31), 2**31 - 1),
    "double": (-(2**31), 2**31 - 1),
}
WIDTHS = {"int8": 2**8, "uint8": 2**8, "int16": 2**16, "uint16": 2**16, "int32": 2**32, "uint32": 2**32}


@dataclass
class Channel:
    """Settings of one channel, as OMERO has them."""

    kind: str = "uint8"
    start: float = 0
    end: float = 255
    family: str = "linear"
    k: float = 1.0
    noise: bool = False
    cd_start: int = 0
    cd_end: int = 255
    resolution: int = 255
    least: float | None = None
    most: float | None = None
    bits: int | None = None
    color: tuple[int, int, int, int] = (255, 255, 255, 255)
    lut: Any = None
    reverse: bool = False


def type_range(channel: Channel) -> tuple[float, float]:
    low, high = TYPE_RANGES[channel.kind]
    if channel.bits is None or channel.kind in ("float", "double", "bit"):
        return low, high
    bits = min(channel.bits, (high - low).bit_length())
    return (0, 2**bits - 1) if low == 0 else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def in_order(kind: str, start: float, end: float) -> bool:
    if not start <= end:
        return False
    return kind in ("float", "double") or (kind in WIDTHS and end - start < WIDTHS[kind])


def java_round(value: float) -> float:
    if math.isnan(value):
        return 0.0
    if math.isinf(value):
        return math.copysign(2.0**63, value)
    whole = math.floor(value)  # not of value + 0.5: 0.49999999999999994 rounds to 0, since Java 7
    return float(whole + 1 if value - whole >= 0.5 else whole)


def java_byte(value: float) -> int:
    return int(max(min(value, 2**31 - 1), -(2**31))) & 0xFF


def divide(one: float, other: float) -> float:
    if other != 0:
        return one / other
    return math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one)


def transform(family: str, x: float, k: float) -> float:
    try:
        if family == "logarithmic":
            return math.log(x) if x > 0 else 0.0
        power = math.pow(x, k)
        return math.exp(power) if family == "exponential" else power
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def curve(channel: Channel, s: float, e: float, low: int, high: int, x: float) -> int:
    """From a value of the window to the device."""
    k = 1.0 if channel.family == "linear" else channel.k
    cd_start, cd_end = channel.cd_start, channel.cd_end
    q1, q9 = min(s, low), max(e, high)
    number, span, base, offset = 255.0, e - s, s, 0.0
    if channel.noise:
        decile = (high - low) / 10
        q1, q9 = q1 + decile, q9 - decile
        number, span, base, offset = 235.0, q9 - q1, q1, 10.0
        if s >= q1 and e > q9:
            span, base = q9 - s, s
        elif s >= q1:
            span, base = e - s, s
        elif e <= q9:
            span = e - q1
        cd_start, cd_end = max(cd_start, 10), min(cd_end, 245)
    slope = divide(number, span)
    v = float(cd_end) if x > q9 else slope * x - (slope * base - offset)
    v = v if x > q1 else float(cd_start)
    first, last = transform(channel.family, 0.0, k), transform(channel.family, 255.0, k)
    v = java_round(divide(channel.resolution, last - first) * (transform(channel.family, v, k) - first))
    return java_byte(java_round((channel.cd_end - channel.cd_start) / channel.resolution * v + cd_start))


def quantize(channel: Channel, x: float) -> int:
    low, high = type_range(channel)
    s, e = (channel.start, channel.end) if in_order(channel.kind, channel.start, channel.end) else (low, high)
    s, e = max(s, low), min(e, high)
    if channel.kind in ("int32", "uint32", "float", "double"):
        return curve(channel, s, e, 0, 0, middle(channel, s, e, x))
    known = (low, high) if channel.least is None or channel.most is None else (channel.least, channel.most)
    least, most = max(known[0], low), min(known[1], high)
    if not in_order(channel.kind, least, most):
        least, most = low, high
    x = inside(x, low, high, known[1] - known[0])
    if x < s:
        return max(channel.cd_start, 10) if channel.noise else channel.cd_start
    if x >= e:
        return min(channel.cd_end, 245) if channel.noise else channel.cd_end
    return curve(channel, s, e, math.floor(least), int(most), x)


def inside(x: float, low: float, high: float, spread: float) -> float:
    """Values beyond the significant bits are squeezed."""
    if x < low:
        return max(int((high - low) / spread * (x - low)), low) if spread else low
    if x > high:
        return min(int((high - low) / spread * (x - low)), high) if spread else high
    return x


def middle(channel: Channel, s: float, e: float, x: float) -> float:
    if x < s:
        return s
    if x > e:
        return e
    step = abs(e - s) / (channel.cd_end - channel.cd_start + 1)
    if x == s:
        return s + step / 2
    if step == 0:
        return s  # a window narrower than 256 steps of a double: Java divides by 0, and goes infinitely many steps of 0
    n = 0 if math.isnan(x) else int((x - s) / step)
    return (s + (n - 1) * step + s + n * step) / 2


def device(channel: Channel, x: float) -> int:
    v = quantize(channel, x)
    return channel.cd_end - max(min(v, channel.cd_end), channel.cd_start) if channel.reverse else v


def pixel(channels: list[Channel], values: list[float]) -> int:
    """One pixel of the RGB model as 0xAARRGGBB."""
    total = [0, 0, 0]
    for channel, x in zip(channels, values, strict=True):
        v = device(channel, x)
        for part in range(3):
            if channel.lut is not None:
                more = int(channel.lut[v][part])
            else:
                more = int(int(channel.color[part] / 255 * v) * (channel.color[3] / 255))
            total[part] = min(total[part] + more, 255)
    return 0xFF000000 | total[0] << 16 | total[1] << 8 | total[2]


def grey(channel: Channel, x: float) -> int:
    v = device(channel, x)
    return channel.color[3] << 24 | v << 16 | v << 8 | v
