"""A line that is let go of while lanes send requests."""

import subprocess
import sys
from pathlib import Path

from tests.support.server_process import ROOT_PASSWORD, ServerProcess, server_environment

TIMES = 25


def test_that_the_program_lives_when_a_line_is_dropped_in_the_midst_of_sending(fresh_server: ServerProcess) -> None:
    script = Path(__file__).with_name("drops_lines_while_sending.py")
    place = fresh_server.host, str(fresh_server.ssl_port), ROOT_PASSWORD
    ended = subprocess.run(
        [sys.executable, str(script), *place, str(TIMES)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env=server_environment(),
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["dropped"] * 2 * TIMES
