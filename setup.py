"""What pyproject.toml has no word for: the folder `resources` inside the package of a wheel, and the module in C."""

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

RESOURCES = Path("resources")


class BuildWithResources(build_py):
    """Puts `resources` into the wheel as `omero_desk/_resources`; an editable installation reads it where it is."""

    def run(self) -> None:
        """Build the package, then copy the resources into it."""
        super().run()
        if not self.editable_mode:
            self.copy_tree(str(RESOURCES), str(Path(self.build_lib, "omero_desk", "_resources")))

    def get_source_files(self) -> list[str]:
        """Return what a source distribution needs to build the same."""
        return [*super().get_source_files(), *(str(path) for path in RESOURCES.rglob("*") if path.is_file())]


# One for all versions of Python from 3.11 on; without a compiler numpy does its work.
BLENDING = Extension(
    "omero_desk.imaging._blending",
    ["omero_desk/imaging/_blending.c"],
    extra_compile_args=[] if os.name == "nt" else ["-O3"],
    py_limited_api=True,
    optional=True,
)

setup(
    cmdclass={"build_py": BuildWithResources},
    ext_modules=[BLENDING],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
