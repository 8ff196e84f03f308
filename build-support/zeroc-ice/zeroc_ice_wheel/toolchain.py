"""The compiler and the headers that a build from source needs, and what to install where one is missing."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from zeroc_ice_wheel.release import UnavailableError


def check_toolchain() -> None:
    """Raise UnavailableError with the command that installs all that is missing."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(compiler())
    if missing:
        sudo = "" if os.geteuid() == 0 else "sudo "
        raise UnavailableError(
            f"Building zeroc-ice needs a compiler and headers: {sudo}apt-get install -y {' '.join(missing)}"
        )


def compiler() -> str:
    """Return the C++ compiler that setuptools will call."""
    return shlex.split(os.environ.get("CXX") or sysconfig.get_config_var("CXX") or "g++")[0]


def missing_packages(cxx: str) -> list[str]:
    """Return Debian's names for what is missing; `cxx` is a command. Without a compiler all are named."""
    python = f"python3.{sys.version_info.minor}-dev"
    needed = {python: "Python.h", "libssl-dev": "openssl/ssl.h", "libbz2-dev": "bzlib.h"}
    if shutil.which(cxx) is None:
        own_headers = Path(sysconfig.get_path("include"), "Python.h").exists()
        return ["g++", *(package for package in needed if package != python or not own_headers)]
    return [package for package, header in needed.items() if not has_header(cxx, header)]


def has_header(cxx: str, header: str) -> bool:
    """Return whether the preprocessor finds a header."""
    command = [cxx, "-E", "-x", "c++", f"-I{sysconfig.get_path('include')}", "-"]
    source = f"#include <{header}>\n"
    return subprocess.run(command, input=source.encode(), capture_output=True, check=False).returncode == 0
