"""`python -m zeroc_ice_wheel` prints the path of a wheel, and on stderr how it came by it."""

from __future__ import annotations

import sys

from zeroc_ice_wheel.finding import find_wheel
from zeroc_ice_wheel.release import UnavailableError


def main() -> int:
    """Find or build the wheel; 1 with one clear line if that is not possible."""
    try:
        sys.stdout.write(f"{find_wheel()}\n")
    except UnavailableError as problem:
        sys.stderr.write(f"  {problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
