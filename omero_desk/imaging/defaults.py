"""The rendering settings of an image that has none, by the rules of OMERO's resetDefaultSettings."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from omero_desk.entities.images import (
    WHITE,
    Channel,
    ChannelSettings,
    Color,
    ImageInfo,
    Model,
    PixelType,
    RenderingSettings,
)

_RED: Final[Color] = (255, 0, 0, 255)
_GREEN: Final[Color] = (0, 255, 0, 255)
_BLUE: Final[Color] = (0, 0, 255, 255)
_IN_TURN: Final = (_RED, _GREEN, _BLUE)
_GREEN_FROM, _RED_FROM = 500, 560
"""Emission in nm from which light counts as green and as red; below it is blue."""
_ACTIVE: Final = 3
_GREY_FROM: Final = 8
"""An image of so many channels is shown in grey, as is one of a single channel."""


def default_settings(info: ImageInfo) -> RenderingSettings:
    """Return settings of the middle plane and three channels, from their least to their greatest value."""
    model = Model.RGB if 1 < info.size_c < _GREY_FROM else Model.GREYSCALE
    channels = tuple(_channel(info, number) for number in range(info.size_c))
    return RenderingSettings(channels, model, info.size_z // 2, 0)


def full_range(info: ImageInfo, settings: RenderingSettings) -> RenderingSettings:
    """Return settings with every window as wide as the type of the pixels, or as their significant bits."""
    low, high = info.pixel_type.limits
    if info.significant_bits and info.pixel_type.has_table and info.pixel_type is not PixelType.BIT:
        half = 2.0 ** (info.significant_bits - 1)
        low, high = (-half, half - 1) if low < 0 else (0.0, 2 * half - 1)
    channels = (replace(channel, start=low, end=high) for channel in settings.channels)
    return replace(settings, channels=tuple(channels))


def _channel(info: ImageInfo, number: int) -> ChannelSettings:
    channel = info.channels[number] if number < len(info.channels) else Channel(number)
    start, end = channel.extremes or info.pixel_type.limits
    if info.pixel_type is PixelType.BIT:
        start, end = 0.0, 1.0
    return ChannelSettings(number < _ACTIVE, start, end, _color(info, channel))


def _color(info: ImageInfo, channel: Channel) -> Color:
    """Return the colour of a channel, else that of its emission; white if only others have an emission."""
    if channel.color is not None:
        return channel.color
    if channel.emission is not None:
        return _BLUE if channel.emission < _GREEN_FROM else _GREEN if channel.emission < _RED_FROM else _RED
    if any(other.emission is not None for other in info.channels):
        return WHITE
    return _IN_TURN[channel.index % 3]
