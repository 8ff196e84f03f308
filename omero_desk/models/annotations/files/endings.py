"""What may be done with a file, by the ending of its name: the rest of what is said of it can be wrong as well."""

from __future__ import annotations

import re
from typing import Final

_OF_PROGRAMS: Final = """
    exe com bat cmd msi msp mst scr pif cpl hta msc inf reg rgs scf sct shb shs ws wsc wsf wsh gadget
    application appref-ms appx appxbundle msix msixbundle vb vbe vbs vbscript js jse mjs cjs ts ps1 ps1xml ps2
    ps2xml psc1 psc2 psd1 psm1 lnk url website settingcontent-ms library-ms search-ms diagcab chm hlp xll xbap
    dll ocx sys drv sh bash zsh csh ksh fish command tool run bin out elf so ko desktop appimage deb rpm snap
    flatpak flatpakref service action workflow app pkg dmg mpkg prefpane scpt scptd applescript osax terminal
    fileloc inetloc webloc jar jnlp class war py pyc pyo pyw pyz pyzw pl pm rb php php5 phtml lua tcl tk r
    rscript groovy gradle awk ipynb swf air xpi crx docm dotm xlsm xltm xlam xla pptm potm ppam ppsm sldm accde
    accdb mdb ade adp one iso img vhd vhdx html htm xhtml xht shtml mht mhtml svg svgz xsl xslt theme themepack
    rdp cer crt p12
"""
_OF_TEXTS: Final = """
    txt text csv tsv tab log md rst json xml ome yaml yml ini cfg conf toml dat asc py r m java c cpp h sh
"""
_PROGRAMS: Final = frozenset(_OF_PROGRAMS.split())
"""Endings of programs, scripts, and documents that run some when they are opened, on any system."""
_TEXTS: Final = frozenset(_OF_TEXTS.split())
_TEXT_TYPES: Final = ("text/", "application/json", "application/xml", "application/csv")
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*]')
_LONGEST: Final = 120
_LONGEST_ENDING: Final = 20
_WINDOWS_NAMES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return a name for the disk, with the same ending, whatever a server calls a file: no folders, nothing hidden."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter if letter.isprintable() and not _UNSAFE.match(letter) else "_" for letter in last)
    plain = plain.strip(". ")
    stem, dot, end = plain.rpartition(".")
    plain = f"{_cut(stem)}.{end}" if dot and len(end) <= _LONGEST_ENDING else _cut(plain)
    return f"file_{plain}" if not plain or _WINDOWS_NAMES.match(plain) else plain


def may_open(name: str) -> bool:
    """Return whether the system's program may be asked to open a file: not a program, and not without an ending."""
    stem, dot, end = safe_name(name).rpartition(".")
    return bool(stem and dot) and end.lower() not in _PROGRAMS


def may_preview(name: str, mimetype: str) -> bool:
    """Return whether a file is likely to be a text."""
    ending = safe_name(name).rpartition(".")[2].lower()
    return ending in _TEXTS or mimetype.lower().startswith(_TEXT_TYPES)


def _cut(text: str) -> str:
    return text.encode()[:_LONGEST].decode(errors="ignore")
