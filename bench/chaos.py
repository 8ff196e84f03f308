"""`./run chaos`: uses the application at random on a line that fails at random, and counts what it lost.

Prints a table, and keeps it as JSON in bench-results/. A few minutes a seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from typing import Any

from bench.results import save

SECONDS = 420
"""The most that a run may take before its end is looked at."""
SEEDS = 3

Run = dict[str, Any]


def main() -> None:
    """Run every seed in a process of its own, one after the other."""
    options = _parse()
    seeds = options.seed or [random.SystemRandom().randrange(10**6) for _ in range(SEEDS)]
    print(f"Seeds: {', '.join(map(str, seeds))}. Load of the machine: {_load()}", flush=True)
    runs = [_run(seed, options.operations, options.seconds) for seed in seeds]
    table = _table(runs)
    print("\n" + "\n".join("| " + " | ".join(row) + " |" for row in table))
    save("chaos", {"load": _load(), "runs": runs, "table": table})


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser("./run chaos", description=__doc__)
    parser.add_argument("--operations", type=int, default=1000, metavar="N", help="operations a seed, 1000 by default")
    parser.add_argument("--seed", type=int, action="append", metavar="N", help="may be given several times")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="N", help="the most that a seed may take")
    return parser.parse_args()


def _run(seed: int, operations: int, seconds: float) -> Run:
    print(f"Seed {seed}…", flush=True)
    command = [sys.executable, "-m", "bench.turmoil", str(seed), str(operations), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 300)
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return found


def _table(runs: list[Run]) -> list[list[str]]:
    def row(what: str, of: Any) -> list[str]:
        return [what, *(str(of(run)) for run in runs)]

    return [
        row("seed", lambda run: run["seed"]),
        ["---"] * (len(runs) + 1),
        row("operations", lambda run: f"{run['operations']} in {run['seconds']:.0f} s"),
        row("faults", lambda run: sum(run["faults"].values())),
        row("writes", lambda run: run["writes"]),
        row("writes lost", lambda run: run["lost"]),
        row("writes doubled", lambda run: run["doubled"]),
        row("writes given back with a reason, then sent again", lambda run: run["given_back"]),
        row("wrong rows in the tree", lambda run: run["wrong_rows"]),
        row("containers that did not load in the end", lambda run: run["unloaded"]),
        row("operations that never ended", lambda run: len(run["stuck"])),
        row("reads that failed with a sentence", lambda run: run["failed_reads"]),
        row("uncaught exceptions", lambda run: len(run["uncaught"])),
        row("threads left", lambda run: len(run["threads"])),
        row("stateful services left", lambda run: len(run["services"])),
        row("sessions left to idle out", lambda run: run["sessions_left"]),
        row("stalls of the window over 100 ms", lambda run: f"{run['stalls']} (worst {run['worst_stall_ms']:.0f} ms)"),
        row("from fault gone to online, Retry pressed: median, worst", lambda run: _times(run["with_retry"])),
        row("from fault gone to online, by itself: median, worst", lambda run: _times(run["by_itself"])),
        row("faults over before anybody noticed", lambda run: run["unnoticed"]),
        row("signed in again because the server said so", lambda run: run["signed_in_again"]),
    ]


def _times(times: list[float]) -> str:
    if not times:
        return "none"
    return f"{statistics.median(times):.2f} s, {max(times):.2f} s ({len(times)})"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
