"""The changes to Ice's source: what newer Pythons need, and what keeps a peer from ending or deceiving the program."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from zeroc_ice_wheel.bounds import BOUNDS
from zeroc_ice_wheel.release import NAME, PATCHES, UPSTREAM, VERSION, UnavailableError
from zeroc_ice_wheel.replacing import Replacement

HEADERS: Final = Path(__file__).resolve().parent / "patches"


MODULE: Final = (
    # The module `imp` is gone since Python 3.12.
    Replacement("lib/Ice.py", " imp,", " types,"),
    Replacement("lib/Ice.py", "imp.new_module(", "types.ModuleType("),
    # By these, pip and programs know an Ice with these changes.
    Replacement("setup.py", f"version='{UPSTREAM}'", f"version='{VERSION}'"),
    Replacement("lib/Ice.py", "\nProtocol_1_0 =", f"\nomeroDeskPatches = {PATCHES}\n\nProtocol_1_0 ="),
)

TEXT: Final = (
    # Bytes that are not UTF-8 become U+FFFD. They became NULL, which is not looked for where a parameter is kept.
    Replacement(
        "src/Util.h",
        "PyUnicode_FromStringAndSize(str.c_str(), static_cast<Py_ssize_t>(str.size()));",
        'PyUnicode_DecodeUTF8(str.c_str(), static_cast<Py_ssize_t>(str.size()), "replace");',
    ),
    # A string for which there is no memory is an error, as for the items of a sequence.
    Replacement(
        "src/Types.cpp",
        "PyObjectHandle p = createString(val);\n",
        "PyObjectHandle p = createString(val);\n        if(!p.get()) throw AbortMarshaling();\n",
    ),
    # The other ways from the wire to a string of Python's: lists, and what a logger is told.
    Replacement("src/Util.cpp", 'Py_BuildValue(STRCAST("s"), p->c_str())', "createString(*p)"),
    *(
        Replacement(
            "src/Logger.cpp",
            f'STRCAST("{method}"), STRCAST("s"), message.c_str())',
            f'STRCAST("{method}"), STRCAST("N"), createString(message))',
        )
        for method in ("_print", "warning", "error")
    ),
    Replacement(
        "src/Logger.cpp",
        'STRCAST("ss"), category.c_str(),\n                                             message.c_str())',
        'STRCAST("NN"), createString(category),\n                                             createString(message))',
    ),
)

_ENGINE: Final = "src/ice/cpp/src/IceSSL/SSLEngine.cpp"
PINS: Final = (
    Replacement(_ENGINE, "#include <string>\n", "#include <string>\n\n#include <pinned_certificate.h>\n"),
    Replacement(
        _ENGINE,
        "    const CertificateVerifierPtr verifier = getCertificateVerifier();\n",
        "    OmeroDesk::checkPinnedCertificate(communicator()->getProperties(), info);\n\n"
        "    const CertificateVerifierPtr verifier = getCertificateVerifier();\n",
    ),
)

REPLACEMENTS: Final = (*MODULE, *TEXT, *PINS, *BOUNDS)


def patch(tree: Path) -> None:
    """Add our headers to the unpacked source and make all the replacements.

    Raises UnavailableError where the source is not the one that they were made for.
    """
    shutil.copytree(HEADERS, tree / "patches")  # the compiler's flags hold a relative path: no spaces to go wrong
    for replacement in REPLACEMENTS:
        replace(tree, replacement)


def replace(tree: Path, replacement: Replacement) -> None:
    """Make one replacement."""
    file = tree / replacement.file
    text = file.read_bytes()
    old, new = replacement.old.encode(), replacement.new.encode()
    if text.count(old) != 1:
        raise UnavailableError(f"{file.name} is not the one of {NAME} {UPSTREAM} that the patch was made for")
    file.write_bytes(text.replace(old, new))
