"""OMERO's names of units by their symbols, as its model has them.

A table of its own, for the processes that read files do without the libraries of OMERO.
"""

from __future__ import annotations

from typing import Final

SYMBOLS: Final[dict[str, dict[str, str]]] = {
    "Length": {
        "\u00c5": "ANGSTROM",
        "ua": "ASTRONOMICALUNIT",
        "am": "ATTOMETER",
        "cm": "CENTIMETER",
        "dam": "DECAMETER",
        "dm": "DECIMETER",
        "Em": "EXAMETER",
        "fm": "FEMTOMETER",
        "ft": "FOOT",
        "Gm": "GIGAMETER",
        "hm": "HECTOMETER",
        "in": "INCH",
        "km": "KILOMETER",
        "ly": "LIGHTYEAR",
        "li": "LINE",
        "Mm": "MEGAMETER",
        "m": "METER",
        "\u00b5m": "MICROMETER",
        "mi": "MILE",
        "mm": "MILLIMETER",
        "nm": "NANOMETER",
        "pc": "PARSEC",
        "Pm": "PETAMETER",
        "pm": "PICOMETER",
        "pixel": "PIXEL",
        "pt": "POINT",
        "reference frame": "REFERENCEFRAME",
        "Tm": "TERAMETER",
        "thou": "THOU",
        "yd": "YARD",
        "ym": "YOCTOMETER",
        "Ym": "YOTTAMETER",
        "zm": "ZEPTOMETER",
        "Zm": "ZETTAMETER",
    },
    "Time": {
        "as": "ATTOSECOND",
        "cs": "CENTISECOND",
        "d": "DAY",
        "das": "DECASECOND",
        "ds": "DECISECOND",
        "Es": "EXASECOND",
        "fs": "FEMTOSECOND",
        "Gs": "GIGASECOND",
        "hs": "HECTOSECOND",
        "h": "HOUR",
        "ks": "KILOSECOND",
        "Ms": "MEGASECOND",
        "\u00b5s": "MICROSECOND",
        "ms": "MILLISECOND",
        "min": "MINUTE",
        "ns": "NANOSECOND",
        "Ps": "PETASECOND",
        "ps": "PICOSECOND",
        "s": "SECOND",
        "Ts": "TERASECOND",
        "ys": "YOCTOSECOND",
        "Ys": "YOTTASECOND",
        "zs": "ZEPTOSECOND",
        "Zs": "ZETTASECOND",
    },
}
"""Names by the symbols of omero.model.LengthI and TimeI, for "Length" and "Time"."""
