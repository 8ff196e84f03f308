"""Runs the setup.py of the current folder with one compiler process a core.

zeroc-ice is a single extension of some three hundred files, which setuptools compiles one after another.
"""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import setuptools  # noqa: F401  (puts its own distutils into place)

CCompiler: Any = importlib.import_module("distutils.ccompiler").CCompiler
_compile_in_turn = CCompiler.compile


def _compile_side_by_side(compiler: Any, sources: list[str], **options: Any) -> list[str]:
    def compile_one(source: str) -> list[str]:
        targets: list[str] = _compile_in_turn(compiler, [source], **options)
        return targets

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [target for targets in pool.map(compile_one, sources) for target in targets]


CCompiler.compile = _compile_side_by_side
sys.argv[0] = "setup.py"
runpy.run_path("setup.py", run_name="__main__")
