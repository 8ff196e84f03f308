import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
PYTHONS = ["3.11", "3.12"]


def wanted() -> Iterator[Requirement]:
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    for group in (project["dependencies"], *extras, *PROJECT["dependency-groups"].values()):
        yield from map(Requirement, group)


def locked(python: str) -> dict[str, str]:
    """The version of each locked project on Linux with that Python, by its canonical name."""
    lines = re.findall(r"^([A-Za-z0-9].*==.*?) \\$", LOCK, re.MULTILINE)
    pins = map(Requirement, lines)
    environment = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": "linux"}
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate(environment)
    }


@pytest.mark.parametrize("python", PYTHONS)
def test_that_the_lock_satisfies_the_project(python: str) -> None:
    pins = locked(python)
    unmet = [
        str(requirement)
        for requirement in wanted()
        if requirement.name != "zeroc-ice"
        and not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), "0"))
    ]
    assert unmet == []


@pytest.mark.parametrize("python", PYTHONS)
def test_that_pyside_is_a_version_that_keeps_its_references(python: str) -> None:
    pins = locked(python)
    assert pins["pyside6-essentials"].startswith("6.11.")
    assert pins["shiboken6"] == pins["pyside6-essentials"]
    (pyside,) = (requirement for requirement in wanted() if requirement.name == "PySide6-Essentials")
    assert not pyside.specifier.contains("6.12.0")


def test_that_every_pin_has_hashes_and_none_says_where_it_came_from() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK)[1:]
    assert len(blocks) > 50
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|--(?:extra-)?index|--find-links|@ ", LOCK) == []


def test_that_zeroc_ice_comes_from_the_checkout_in_the_version_that_the_project_wants() -> None:
    package = tomllib.loads((CHECKOUT / "build-support/zeroc-ice/pyproject.toml").read_text(encoding="utf-8"))
    (wish,) = (requirement for requirement in wanted() if requirement.name == "zeroc-ice")
    assert wish.specifier.contains(package["project"]["version"])
    assert "zeroc-ice" not in locked("3.11")
