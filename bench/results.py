"""Where measurements are kept, beside what they were made on."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path("bench-results")


def save(name: str, results: dict[str, Any]) -> None:
    """Keep `results` as JSON in a file of their own, and say where."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    path = RESULTS / f"{name}-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps({"when": now.isoformat(), "machine": machine, **results}, indent=1), encoding="utf-8")
    print(f"\nKept in {path}")


def print_table(table: Sequence[Sequence[str]]) -> None:
    """Print rows of what was measured, what came of it, the aim, and details."""
    print("\n| what | measured | aim | in detail |\n|---|---|---|---|")
    for row in table:
        print("| " + " | ".join(row) + " |")
