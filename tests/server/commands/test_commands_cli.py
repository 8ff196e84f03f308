"""The `omero` command line's own delete, chgrp, chown and fs usage, unmodified."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.server.conftest import Lab

# One process for all lines: the plugins take seconds to load, and `omero` itself refuses to run as root.
_PROGRAM = """
import sys
from omero.cli import CLI

cli = CLI()
cli.loadplugins()
for line in sys.stdin:
    print(">", line, end="", flush=True)
    try:
        cli.invoke(line.split(), strict=True)
    except Exception as error:
        print("failed:", error)
    sys.stdout.flush()
"""


def omero_lines(home: Path, lines: list[str]) -> dict[str, str]:
    """Run lines of the command line; returns what each of them printed."""
    environment = {**os.environ, "OMERO_USERDIR": str(home), "OMERO_SESSIONDIR": str(home / "sessions")}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        env=environment,
        timeout=100,
        check=True,
    )
    parts = [part.partition("\n") for part in done.stdout.split("> ")[1:]]
    return {line: text for line, _, text in parts}


def test_that_the_command_line_deletes_moves_and_gives(lab: Lab, tmp_path: Path) -> None:
    server = f"localhost:{lab.server.ssl_port}"
    sign_in = f"login ada@{server} -w ada"
    made = omero_lines(tmp_path, [sign_in, "obj new Project name=by_cli", "obj new Dataset name=by_cli"])
    project, dataset = (text.split()[0] for line, text in made.items() if line.startswith("obj"))
    lines = [
        sign_in,
        f"obj new ProjectDatasetLink parent={project} child={dataset}",
        f"delete --dry-run --report {project}",
        f"chgrp {lab.shared} {project} --report",
        f"chown {lab.ben} {project} --report",
        f"fs usage {project} --report",
        f"delete Project/Dataset:{project.partition(':')[2]} --report",
        "delete Image:123456789",
        "logout",
    ]
    told = omero_lines(tmp_path, lines)
    assert "Dry run performed" in told[lines[2]]
    assert dataset in told[lines[2]]
    for line in lines[3:5]:
        assert {project, dataset} <= set(told[line].split()), line
    assert "Total disk usage: 0 bytes in 0 files" in told[lines[5]]
    assert dataset in told[lines[6]]
    assert project not in told[lines[6]].partition("Deleted objects")[2].split()
    assert "ok" not in told[lines[7]].split()
