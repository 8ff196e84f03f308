"""What a RenderingEngine tells of its settings, and lets be changed, channel by channel."""

from __future__ import annotations

from typing import Any, Final

import omero
import omero.model
from omero.rtypes import rbool, rdouble, rint, rstring, unwrap

from omero_desk.server.rendering.definition_store import DefinitionStore
from omero_desk.server.rendering.definitions import Choices, set_reversed
from omero_desk.server.rendering.errors import runtime_error
from omero_desk.server.rendering.settings import extremes_of, range_of
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.servants.exclusive import Exclusive
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage

_RESOLUTIONS: Final = tuple(2**bits - 1 for bits in range(1, 9))
_DEVICE_MAX: Final = 255
_NOT_READY: Final = "RenderingEngine not ready: "
_NO_RENDERER: Final = (
    "renderer is null.\nThis method can only be called after the renderer is properly initialized (not-null).\n"
    "Try lookup and/or use methods."
)


class ChannelSettingsService(StatefulService, Exclusive):
    """Holds Pixels and a RenderingDef as objects of the model: the getters read them, the setters change them.

    Nothing of it is saved until the client asks for it.
    """

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self._pixels: Any = None
        self._definition: Any = None
        self._is_loaded = False

    def getPixels(self, call: Call) -> Any:
        """Return the Pixels with their channels."""
        self._check_pixels()
        return self._pixels

    def getAvailableModels(self, call: Call) -> list[Any]:
        """Return the rendering models."""
        return list(self._choices(call).models.values())

    def getAvailableFamilies(self, call: Call) -> list[Any]:
        """Return the families of curves."""
        return list(self._choices(call).families.values())

    def getModel(self, call: Call) -> Any:
        """Return the rendering model."""
        return self._settings.model

    def setModel(self, call: Call, model: Any) -> None:
        """Take another rendering model, given by its id or value."""
        self._check_loaded()
        self._definition.model = _chosen(self._choices(call).models, model)

    def getDefaultZ(self, call: Call) -> int:
        """Return the plane that is shown first."""
        return int(self._settings.defaultZ.val)

    def setDefaultZ(self, call: Call, z: int) -> None:
        """Take another plane to show first."""
        self._check_loaded()
        self._definition.defaultZ = rint(z)

    def getDefaultT(self, call: Call) -> int:
        """Return the time point that is shown first."""
        return int(self._settings.defaultT.val)

    def setDefaultT(self, call: Call, t: int) -> None:
        """Take another time point to show first."""
        self._check_loaded()
        self._definition.defaultT = rint(t)

    def getQuantumDef(self, call: Call) -> Any:
        """Return the device's interval and bit resolution."""
        return self._settings.quantization

    def setQuantumStrategy(self, call: Call, bit_resolution: int) -> None:
        """Take another bit resolution, 2^n-1."""
        self._check_loaded()
        if bit_resolution not in _RESOLUTIONS:
            raise api_usage(f"Unsupported bit resolution: {bit_resolution}.")
        self._definition.quantization.bitResolution = rint(bit_resolution)

    def setCodomainInterval(self, call: Call, start: int, end: int) -> None:
        """Take another interval of the device, within 0..255."""
        self._check_loaded()
        if start >= end:
            raise api_usage(f"{start} cannot be greater than {end}")
        if start < 0:
            raise api_usage(f"{start} cannot be lower than 0")
        if end > _DEVICE_MAX:
            raise api_usage(f"{end} cannot be greater than {_DEVICE_MAX}")
        quantum = self._definition.quantization
        quantum.cdStart, quantum.cdEnd = rint(start), rint(end)

    def setQuantizationMap(
        self, call: Call, channel: int, family: Any, coefficient: float, noise_reduction: bool
    ) -> None:
        """Take another curve; the coefficient of the linear one is always 1."""
        binding = self._binding(channel)
        if not coefficient > 0:
            raise api_usage(f"Unsupported curve coefficient: '{coefficient}'")
        binding.family = _chosen(self._choices(call).families, family)
        is_linear = binding.family.value.val == "linear"
        binding.coefficient = rdouble(1 if is_linear else coefficient)
        binding.noiseReduction = rbool(noise_reduction)

    def getChannelFamily(self, call: Call, channel: int) -> Any:
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
        return list(extremes_of(self._pixels.copyChannels()[channel]) or ())

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

    def addCodomainMap(self, call: Call, context: Any) -> None:
        """Map every channel's values once more."""
        for channel in range(len(self._bindings)):
            self.addCodomainMapToChannel(call, context, channel)

    def addCodomainMapToChannel(self, call: Call, context: Any, channel: int) -> None:
        """Map a channel's values once more; reverse intensity is the one map that there is."""
        self._set_reversed(context, channel, is_reversed=True)

    def removeCodomainMap(self, call: Call, context: Any) -> None:
        """Leave a map away from every channel."""
        for channel in range(len(self._bindings)):
            self.removeCodomainMapFromChannel(call, context, channel)

    def removeCodomainMapFromChannel(self, call: Call, context: Any, channel: int) -> None:
        """Leave a map away; nothing happens where it is not."""
        self._set_reversed(context, channel, is_reversed=False)

    def updateCodomainMap(self, call: Call, context: Any) -> None:
        """Accept a map that every channel has: there is nothing about it to change."""
        if not all(binding.copySpatialDomainEnhancement() for binding in self._bindings):
            raise api_usage("No such a context.")

    def getCodomainMapContext(self, call: Call, channel: int) -> list[Any]:
        """Return a channel's maps, as objects of the model."""
        return list(self._binding(channel).copySpatialDomainEnhancement())

    def updateSettings(self, call: Call, settings: Any) -> None:
        """Take over what a RenderingDef says; what is null in it stays as it is."""
        self._check_loaded()
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
        self._check_loaded()
        return range_of(self._pixels).is_signed

    def getPixelsTypeLowerBound(self, call: Call, channel: int) -> float:
        """Return the lowest value of the pixels' type."""
        self._binding(channel)
        return range_of(self._pixels).lowest

    def getPixelsTypeUpperBound(self, call: Call, channel: int) -> float:
        """Return the highest value of the pixels' type."""
        self._binding(channel)
        return range_of(self._pixels).highest

    def _update_quantum(self, call: Call, quantum: Any) -> None:
        if quantum.bitResolution is not None:
            self.setQuantumStrategy(call, quantum.bitResolution.val)
        if quantum.cdStart is not None and quantum.cdEnd is not None:
            self.setCodomainInterval(call, quantum.cdStart.val, quantum.cdEnd.val)

    def _update_binding(self, call: Call, channel: int, binding: Any) -> None:
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

    def _set_reversed(self, context: Any, channel: int, *, is_reversed: bool) -> None:
        binding = self._binding(channel)
        if isinstance(context, omero.romio.ReverseIntensityMapContext):
            set_reversed(binding, is_reversed=is_reversed)

    def _choices(self, call: Call) -> Choices:
        return DefinitionStore(self.backend, call).choices

    @property
    def _settings(self) -> Any:
        if self._definition is None:
            raise api_usage(_NOT_READY + "RenderingDef object not set.")
        return self._definition

    @property
    def _bindings(self) -> list[Any]:
        self._check_loaded()
        return list(self._definition.copyWaveRendering())

    def _binding(self, channel: int) -> Any:
        bindings = self._bindings
        if not 0 <= channel < len(bindings):
            raise runtime_error(str(channel), "ArrayIndexOutOfBoundsException")
        return bindings[channel]

    def _check_pixels(self) -> None:
        if self._pixels is None:
            raise api_usage(_NOT_READY + "Pixels object not set.")

    def _check_loaded(self) -> None:
        self._check_pixels()
        _ = self._settings
        if not self._is_loaded:
            raise api_usage(_NOT_READY + _NO_RENDERER)


def _chosen(known: Any, wanted: Any) -> Any:
    """Return the enumeration that a client means by id or value; raises omero.ApiUsageException for another."""
    wanted_id, value = unwrap(getattr(wanted, "id", None)), unwrap(getattr(wanted, "value", None))
    for each in known.values():
        if each.id.val == wanted_id or (wanted_id is None and each.value.val == value):
            return each
    raise api_usage(f"Unknown enumeration: {value if wanted_id is None else wanted_id}")
