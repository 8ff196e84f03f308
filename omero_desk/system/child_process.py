"""Starts one of our modules in a process of its own: by Python or, once frozen, by the program itself."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from omero_desk.system import memory

RUN_MODULE: Final = "--run-module"
"""The first option of the frozen program when it is to run a module in place of the application."""
_OURS: Final = "omero_desk."
_CODE: Final = str(Path(__file__).parents[2])


def command(module: str) -> list[str]:
    """Return the program and its first arguments that run `module` as `python -m` does; append the module's own.

    A frozen program holds no interpreter that takes `-m`, so it calls itself, and `run_as_asked` takes over there.
    """
    how = RUN_MODULE if getattr(sys, "frozen", False) else "-m"
    return [sys.executable, how, module]


def environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return `given` with our code on Python's search path, for a checkout is not installed.

    The process gives the memory of what it frees back to the system, as this one does.
    """
    paths = (_CODE, given.get("PYTHONPATH", ""))
    return memory.for_child({**given, "PYTHONPATH": os.pathsep.join(filter(None, paths))})


def run_as_asked(arguments: Sequence[str]) -> bool:
    """Run the module of ours that a command line of `command` names, if it is one; return whether it was.

    The module ends the process with SystemExit if it has an exit code.
    """
    if len(arguments) < 2 or arguments[0] != RUN_MODULE or not arguments[1].startswith(_OURS):
        return False
    sys.argv = [arguments[1], *arguments[2:]]
    runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    return True
