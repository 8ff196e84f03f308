"""`./run bench attack [--seconds N] [--seed N] [--only WORD]`: attacks a server of its own, then sends it nonsense.

Each attack that ever worked is tried once, and the fuzzer goes on for so many seconds. After each, an honest person
must be served, and the server's memory have kept its bound.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import Ice

from bench.attack import fuzz, members, strangers
from bench.attack.target import BrokenError, Target, attacked
from bench.results import save

Row = tuple[str, str, str]
SECONDS: Final = 60.0
_A_WHILE_S: Final = 5.0
_ATTACKS: Final = (*strangers.ATTACKS, *members.ATTACKS)


def main(*arguments: str) -> None:
    """Attack, print a table and keep it; SystemExit with 1 if anything broke."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="omero-desk-attack-") as folder:
        rows = run(Path(folder), options.seconds, options.seed, options.only)
        broken = [row for row in rows if row[1] != "held"]
    save("attack", {"seed": options.seed, "table": rows})
    if broken:
        raise SystemExit(1)


def run(folder: Path, seconds: float, seed: int, only: str = "") -> list[Row]:
    """Attack a server on a new library in `folder`; return what was tried, "held" or "BROKEN", and details."""
    rows: list[Row] = []
    with attacked(folder) as target:
        print("| attack | outcome | in detail |\n|---|---|---|", flush=True)
        rows.extend(_attacks(target, seed, only))
        rows.extend(_fuzz(target, seconds, seed, only))
    return rows


def _attacks(target: Target, seed: int, only: str) -> Iterator[Row]:
    for attack in _ATTACKS:
        name = _name(attack)
        if only in name:
            yield _told(name, partial(_try, attack, target, seed))
            target.close_clients()


def _fuzz(target: Target, seconds: float, seed: int, only: str) -> Iterator[Row]:
    steps = [step for step in fuzz.STEPS if only in _name(step)]
    for step in steps:
        yield _told(f"at random: {_name(step)}", partial(_go_on, target, step, seconds / len(steps), seed))
        target.close_clients()


def _try(attack: Callable[[Target, Random], str], target: Target, seed: int) -> str:
    return f"{attack(target, Random(seed))}; {target.check()}"


def _go_on(target: Target, step: fuzz.Step, seconds: float, seed: int) -> str:
    random, sent = Random(f"{seed} {_name(step)}"), 0
    client = target.client()
    until, next_check = time.monotonic() + seconds, time.monotonic() + _A_WHILE_S
    while sent == 0 or time.monotonic() < until:
        with suppress(Ice.ConnectionLostException, Ice.CloseConnectionException):
            step(target, client, random)
        sent += 1
        if time.monotonic() > next_check:
            target.check()
            next_check = time.monotonic() + _A_WHILE_S
    return f"{sent} times; {target.check()}"


def _told(name: str, attack: Callable[[], str]) -> Row:
    started = time.monotonic()
    try:
        row = name, "held", attack()
    except BrokenError as broken:
        row = name, "BROKEN", str(broken)
    except Exception as error:  # noqa: BLE001  an attack that cannot be tried is no success
        row = name, "BROKEN", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    print(f"| {row[0]} | {row[1]} | {row[2]}; {time.monotonic() - started:.1f} s |", flush=True)
    return row


def _name(attack: Callable[..., Any]) -> str:
    return attack.__name__.replace("_", " ")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("./run bench attack", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long nonsense is sent")
    parser.add_argument("--seed", type=int, default=1, help="what nonsense")
    parser.add_argument("--only", default="", metavar="WORD", help="what has this in its name")
    return parser.parse_args(arguments)
