"""The part of RenderingEngine that reads and changes the settings, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import omero
import omero.model
from omero.model import IObject, Pixels, RenderingDef
from omero.rtypes import rbool, rdouble, rint, rstring, unwrap

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.rendering.definition_store import DefinitionStore
from omero_desk.server.rendering.definitions import Choices, set_reversed
from omero_desk.server.rendering.errors import runtime_error
from omero_desk.server.rendering.settings import extremes_of, range_of
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.servants.exclusive import Exclusive

_RESOLUTIONS: Final = tuple(2**bits - 1 for bits in range(1, 9))
_DEVICE_MAX: Final = 255
_NOT_READY: Final = "RenderingEngine not ready: "
_NO_RENDERER: Final = (
    "renderer is null.\nThis method can only be called after the renderer is properly initialized (not-null).\n"
    "Try lookup and/or use methods."
)

Value = TypeVar("Value", bound=IObject)


class ChannelSettingsService(StatefulService, Exclusive):
    """Holds Pixels and a RenderingDef as objects of the model: the getters read them, the setters change them.

    Nothing of it is saved until the client asks for it.
    """

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._pixels: Pixels | None = None
        self._definition: RenderingDef | None = None
        self._is_loaded = False

    def getPixels(self, call: Call) -> Pixels:
        """Return the Pixels with their channels."""
        return self._chosen_pixels

    def getAvailableModels(self, call: Call) -> list[IObject]:
        """Return the rendering models."""
        return list(self._choices(call).models.values())

    def getAvailableFamilies(self, call: Call) -> list[IObject]:
        """Return the families of curves."""
        return list(self._choices(call).families.values())

    def getModel(self, call: Call) -> IObject:
        """Return the rendering model."""
        return self._settings.model

    def setModel(self, call: Call, model: IObject) -> None:
        """Take another rendering model, given by its id or value."""
        self._loaded()[0].model = _chosen(self._choices(call).models, model)

    def getDefaultZ(self, call: Call) -> int:
        """Return the plane that is shown first."""
        return int(self._settings.defaultZ.val)

    def setDefaultZ(self, call: Call, z: int) -> None:
        """Take another plane to show first."""
        self._loaded()[0].defaultZ = rint(z)

    def getDefaultT(self, call: Call) -> int:
        """Return the time point that is shown first."""
        return int(self._settings.defaultT.val)

    def setDefaultT(self, call: Call, t: int) -> None:
        """Take another time point to show first."""
        self._loaded()[0].defaultT = rint(t)

    def getQuantumDef(self, call: Call) -> omero.model.QuantumDef:
        """Return the device's interval and bit resolution."""
        return self._settings.quantization

    def setQuantumStrategy(self, call: Call, bit_resolution: int) -> None:
        """Take another bit resolution, 2^n-1."""
        settings, _ = self._loaded()
        if bit_resolution not in _RESOLUTIONS:
            raise api_usage(f"Unsupported bit resolution: {bit_resolution}.")
        settings.quantization.bitResolution = rint(bit_resolution)

    def setCodomainInterval(self, call: Call, start: int, end: int) -> None:
        """Take another interval of the device, within 0..255."""
        settings, _ = self._loaded()
        if start >= end:
            raise api_usage(f"{start} cannot be greater than {end}")
        if start < 0:
            raise api_usage(f"{start} cannot be lower than 0")
        if end > _DEVICE_MAX:
            raise api_usage(f"{end} cannot be greater than {_DEVICE_MAX}")
        quantum = settings.quantization
        quantum.cdStart, quantum.cdEnd = rint(start), rint(end)

    def setQuantizationMap(
        self, call: Call, channel: int, family: omero.model.Family, coefficient: float, noise_reduction: bool
    ) -> None:
        """Take another curve; the coefficient of the linear one is always 1."""
        binding = self._binding(channel)
        if not coefficient > 0:
            raise api_usage(f"Unsupported curve coefficient: '{coefficient}'")
        binding.family = _chosen(self._choices(call).families, family)
        is_linear = binding.family.value.val == "linear"
        binding.coefficient = rdouble(1 if is_linear else coefficient)
        binding.noiseReduction = rbool(noise_reduction)

    def getChannelFamily(self, call: Call, channel: int) -> omero.model.Family:
        """Return the family of a channel's curve."""
        return self._binding(channel).family

    def getChannelCurveCoefficient(self, call: Call, channel: int) -> float:
        """Return the coefficient of a channel's curve."""
        return float(self._binding(channel).coefficient.val)

    def getChannelNoiseReduction(self, call: Call, channel: int) -> bool:
        """Tell whether a channel's noise is to be reduced."""
        return bool(self._binding(channel).noiseReduction.val)

    def getChannelStats(self, call: Call, channel: int) -> list[float]:
        """Return the least and the greatest value where they are known; OMERO itself always returns nothing."""
        self._binding(channel)
        return list(extremes_of(self._chosen_pixels.copyChannels()[channel]) or ())

    def setChannelWindow(self, call: Call, channel: int, start: float, end: float) -> None:
        """Take another window of values."""
        binding = self._binding(channel)
        binding.inputStart, binding.inputEnd = rdouble(start), rdouble(end)

    def getChannelWindowStart(self, call: Call, channel: int) -> float:
        """Return where a channel's window begins."""
        return float(self._binding(channel).inputStart.val)

    def getChannelWindowEnd(self, call: Call, channel: int) -> float:
        """Return where a channel's window ends."""
        return float(self._binding(channel).inputEnd.val)

    def setRGBA(self, call: Call, channel: int, red: int, green: int, blue: int, alpha: int) -> None:
        """Take another colour."""
        binding = self._binding(channel)
        binding.red, binding.green, binding.blue, binding.alpha = rint(red), rint(green), rint(blue), rint(alpha)

    def getRGBA(self, call: Call, channel: int) -> list[int]:
        """Return a channel's colour."""
        binding = self._binding(channel)
        return [part.val for part in (binding.red, binding.green, binding.blue, binding.alpha)]

    def setActive(self, call: Call, channel: int, active: bool) -> None:
        """Show a channel or hide it."""
        self._binding(channel).active = rbool(active)

    def isActive(self, call: Call, channel: int) -> bool:
        """Tell whether a channel is shown."""
        return bool(self._binding(channel).active.val)

    def setChannelLookupTable(self, call: Call, channel: int, lookup: str) -> None:
        """Take a lookup table by its file's name; "" is none."""
        self._binding(channel).lookupTable = rstring(lookup)

    def getChannelLookupTable(self, call: Call, channel: int) -> str:
        """Return the name of a channel's lookup table, "" for none."""
        return unwrap(self._binding(channel).lookupTable) or ""

    def addCodomainMap(self, call: Call, context: omero.romio.CodomainMapContext) -> None:
        """Add a map to every channel."""
        for channel in range(len(self._bindings)):
            self.addCodomainMapToChannel(call, context, channel)

    def addCodomainMapToChannel(self, call: Call, context: omero.romio.CodomainMapContext, channel: int) -> None:
        """Add a map to a channel; only reverse intensity is supported."""
        self._set_reversed(context, channel, is_reversed=True)

    def removeCodomainMap(self, call: Call, context: omero.romio.CodomainMapContext) -> None:
        """Remove a map from every channel."""
        for channel in range(len(self._bindings)):
            self.removeCodomainMapFromChannel(call, context, channel)

    def removeCodomainMapFromChannel(self, call: Call, context: omero.romio.CodomainMapContext, channel: int) -> None:
        """Remove a map from a channel, if it is there."""
        self._set_reversed(context, channel, is_reversed=False)

    def updateCodomainMap(self, call: Call, context: omero.romio.CodomainMapContext) -> None:
        """Accept a map that every channel has: there is nothing about it to change."""
        if not all(binding.copySpatialDomainEnhancement() for binding in self._bindings):
            raise api_usage("No such a context.")

    def getCodomainMapContext(self, call: Call, channel: int) -> list[IObject]:
        """Return a channel's maps, as objects of the model."""
        return list(self._binding(channel).copySpatialDomainEnhancement())

    def updateSettings(self, call: Call, settings: RenderingDef | None) -> None:
        """Apply the values of a RenderingDef that are not null."""
        self._loaded()
        if settings is None:
            return
        if settings.model is not None:
            self.setModel(call, settings.model)
        for value, setter in ((settings.defaultZ, self.setDefaultZ), (settings.defaultT, self.setDefaultT)):
            if value is not None:
                setter(call, value.val)
        if settings.quantization is not None:
            self._update_quantum(call, settings.quantization)
        bindings = settings.copyWaveRendering() if settings.isWaveRenderingLoaded() else []
        for channel, binding in enumerate(bindings[: len(self._bindings)]):
            if binding is not None:
                self._update_binding(call, channel, binding)

    def isPixelsTypeSigned(self, call: Call) -> bool:
        """Tell whether values may be below zero."""
        return range_of(self._loaded()[1]).is_signed

    def getPixelsTypeLowerBound(self, call: Call, channel: int) -> float:
        """Return the lowest value of the pixels' type."""
        self._binding(channel)
        return range_of(self._chosen_pixels).lowest

    def getPixelsTypeUpperBound(self, call: Call, channel: int) -> float:
        """Return the highest value of the pixels' type."""
        self._binding(channel)
        return range_of(self._chosen_pixels).highest

    def _update_quantum(self, call: Call, quantum: omero.model.QuantumDef) -> None:
        if quantum.bitResolution is not None:
            self.setQuantumStrategy(call, quantum.bitResolution.val)
        if quantum.cdStart is not None and quantum.cdEnd is not None:
            self.setCodomainInterval(call, quantum.cdStart.val, quantum.cdEnd.val)

    def _update_binding(self, call: Call, channel: int, binding: omero.model.ChannelBinding) -> None:
        for setter, names in (
            (self.setActive, ("active",)),
            (self.setChannelWindow, ("inputStart", "inputEnd")),
            (self.setRGBA, ("red", "green", "blue", "alpha")),
            (self.setChannelLookupTable, ("lookupTable",)),
        ):
            values = [unwrap(getattr(binding, name)) for name in names]
            if None not in values:
                setter(call, channel, *values)
        if None not in (binding.family, binding.coefficient, binding.noiseReduction):
            curve = binding.coefficient.val, binding.noiseReduction.val
            self.setQuantizationMap(call, channel, binding.family, *curve)
        if binding.isSpatialDomainEnhancementLoaded() and binding.copySpatialDomainEnhancement():
            set_reversed(self._binding(channel), is_reversed=True)

    def _set_reversed(self, context: omero.romio.CodomainMapContext, channel: int, *, is_reversed: bool) -> None:
        binding = self._binding(channel)
        if isinstance(context, omero.romio.ReverseIntensityMapContext):
            set_reversed(binding, is_reversed=is_reversed)

    def _choices(self, call: Call) -> Choices:
        return DefinitionStore(self.backend, call).choices

    @property
    def _settings(self) -> RenderingDef:
        if self._definition is None:
            raise api_usage(_NOT_READY + "RenderingDef object not set.")
        return self._definition

    @property
    def _bindings(self) -> list[omero.model.ChannelBinding]:
        return self._loaded()[0].copyWaveRendering()

    def _binding(self, channel: int) -> omero.model.ChannelBinding:
        bindings = self._bindings
        if not 0 <= channel < len(bindings):
            raise runtime_error(str(channel), "ArrayIndexOutOfBoundsException")
        return bindings[channel]

    @property
    def _chosen_pixels(self) -> Pixels:
        if self._pixels is None:
            raise api_usage(_NOT_READY + "Pixels object not set.")
        return self._pixels

    def _loaded(self) -> tuple[RenderingDef, Pixels]:
        """Return the settings and the Pixels; raises omero.ApiUsageException until the engine is loaded."""
        pixels, settings = self._chosen_pixels, self._settings
        if not self._is_loaded:
            raise api_usage(_NOT_READY + _NO_RENDERER)
        return settings, pixels


def _chosen(known: Mapping[str, Value], wanted: IObject) -> Value:
    """Return the enumeration that a client means by id or value; raises omero.ApiUsageException for another."""
    wanted_id, value = unwrap(getattr(wanted, "id", None)), _value(wanted)
    for each in known.values():
        if each.id.val == wanted_id or (wanted_id is None and _value(each) == value):
            return each
    raise api_usage(f"Unknown enumeration: {value if wanted_id is None else wanted_id}")


def _value(enumeration: object) -> str | None:
    value: str | None = unwrap(getattr(enumeration, "value", None))
    return value
