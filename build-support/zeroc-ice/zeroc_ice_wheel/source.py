"""Building the wheel from the source on the package index, with our patches."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from zeroc_ice_wheel.patching import patch
from zeroc_ice_wheel.release import NAME, UPSTREAM, VERSION, UnavailableError, say
from zeroc_ice_wheel.toolchain import check_toolchain

SHA256 = "4235ffeb605bcd4e22e716577f7d61e4aa1bc82f65276bb542701a81b7933356"

_HERE = Path(__file__).resolve().parent
# Optimised less than by default, which takes half as long again to build and is twelve times the size.
_FLAGS = "-Ipatches -include patches/thread_state.h -O1 -g0"


def build_from_source(directory: Path) -> Path:
    """Build a wheel into `directory`, telling how far it is; UnavailableError with the reason if it fails."""
    check_toolchain()
    with tempfile.TemporaryDirectory(prefix="zeroc-ice-") as work:
        tree = unpack(download_sdist(Path(work)), Path(work))
        patch(tree)
        compile_tree(tree, directory)
    return next(directory.glob("*.whl"))


def download_sdist(directory: Path) -> Path:
    """Fetch the sdist with pip, from the index that the user has set; pip compares the pinned hash."""
    say(f"Fetching the source of {NAME} {UPSTREAM} from the package index")
    wanted = directory / "wanted.txt"
    wanted.write_text(f"{NAME}=={UPSTREAM} --hash=sha256:{SHA256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation"]
    command += ["--no-binary", NAME, "--require-hashes", "-r", str(wanted), "-d", str(directory)]
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if answer.returncode:
        reason = (answer.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise UnavailableError(f"The source of {NAME} {UPSTREAM} cannot be fetched: {reason}")
    return directory / f"{NAME}-{UPSTREAM}.tar.gz"


def unpack(sdist: Path, directory: Path) -> Path:
    """Unpack the source and return its folder."""
    with tarfile.open(sdist) as archive:
        archive.extractall(directory)  # its hash is pinned: it holds what it held when it was pinned
    return directory / f"{NAME}-{UPSTREAM}"


def compile_tree(tree: Path, directory: Path) -> None:
    """Run the source's own setup.py, and put the wheel into `directory`."""
    cores = os.cpu_count() or 1
    say(f"Building {NAME} {VERSION} from source, once on this machine: some {max(1, 6 // cores)} minutes")
    log = directory.parent / "zeroc-ice-build.log"
    command = [sys.executable, "-W", "ignore", str(_HERE / "parallel_setup.py"), "bdist_wheel", "--dist-dir"]
    environment = {**os.environ, "CPPFLAGS": f"{os.environ.get('CPPFLAGS', '')} {_FLAGS}"}
    with log.open("wb") as output:
        process = subprocess.Popen([*command, str(directory)], cwd=tree, env=environment, stdout=output, stderr=output)
        watch(process, tree)
    if process.returncode:
        raise UnavailableError(f"The build of {NAME} {VERSION} failed; what the compiler said is in {log}")
    log.unlink()


def watch(process: subprocess.Popen[bytes], tree: Path) -> None:
    """Tell how many of the source files are compiled until the process ends."""
    total = sum(1 for file in (tree / "src").rglob("*.c*") if "bzip2" not in file.parts)
    told, end = -1, "\r" if sys.stderr.isatty() else "\n"
    step = 1 if sys.stderr.isatty() else 10
    while process.poll() is None:
        percent = 100 * sum(1 for _ in (tree / "build").rglob("*.o")) // total
        if percent >= told + step:
            told = percent
            say(f"compiled {percent:3} %", end)
        time.sleep(0.5)
    say("")
