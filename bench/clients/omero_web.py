"""An OMERO.web of its own, as its development mode runs it, for the clients that look at the server through it."""

from __future__ import annotations

import atexit
import html
import json
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import requests
from omero.config import ConfigXml

from bench.clients.tasks import Place

_START_S = 90


@cache
def address(place: Place) -> str:
    """Start OMERO.web for a server, until this process ends; returns where it is."""
    home = place.folder / "web"
    for each in ("etc/grid", "var/log", "sessions"):
        (home / each).mkdir(parents=True, exist_ok=True)
    _configure(home, place)
    port = _free_port()
    environment = {**os.environ, "OMERODIR": str(home), "TMPDIR": str(home / "sessions"), "PYTHONWARNINGS": "ignore"}
    with (home / "var/log/site.log").open("w") as log:
        _manage(environment, log, "collectstatic", "--noinput").wait(_START_S)
        process = _manage(environment, log, "runserver", "--noreload", f"127.0.0.1:{port}")
    atexit.register(_stop, process)
    url = f"http://127.0.0.1:{port}"
    _wait_for(url, process)
    return url


def _configure(home: Path, place: Place) -> None:
    config = ConfigXml(str(home / "etc/grid/config.xml"))
    config["omero.web.server_list"] = json.dumps([[place.host, place.port, "omero"]])
    config["omero.web.application_server"] = "development"
    config["omero.web.debug"] = "True"
    config["omero.web.session_engine"] = "django.contrib.sessions.backends.file"
    config["omero.web.secure"] = "true"
    config.close()


def _manage(environment: dict[str, str], log: Any, *words: str) -> subprocess.Popen[bytes]:
    spec = find_spec("omeroweb")
    assert spec is not None
    assert spec.origin is not None
    command = [sys.executable, "manage.py", *words]
    return subprocess.Popen(command, cwd=Path(spec.origin).parent, env=environment, stdout=log, stderr=log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _START_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            requests.get(f"{url}/webclient/login/", timeout=_START_S).raise_for_status()
            return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise RuntimeError("OMERO.web did not start; its log is in var/log/site.log.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)


@dataclass
class Visitor:
    """Somebody who is signed in to OMERO.web."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, user: str, password: str) -> requests.Response:
        """Fill in the form."""
        self.session.get(f"{self.url}/webclient/login/")
        return self.post("/webclient/login/", {"username": user, "password": password, "server": 1})

    def get(self, path: str, **parameters: Any) -> requests.Response:
        """Ask for a page; AssertionError with the server's words if that fails."""
        return self._checked(self.session.get(f"{self.url}{path}", params=parameters))

    def json(self, path: str, **parameters: Any) -> Any:
        """Ask for a page of JSON."""
        return self.get(path, **parameters).json()

    def post(self, path: str, data: Any = None, method: str = "POST", **others: Any) -> requests.Response:
        """Send a form, as its page would."""
        headers = {"Referer": self.url, "X-CSRFToken": str(self.session.cookies["csrftoken"])}
        return self._checked(self.session.request(method, f"{self.url}{path}", data=data, headers=headers, **others))

    def wait_for_activities(self) -> Any:
        """Wait until what was begun, such as deleting, has ended; AssertionError if any of it failed."""
        for _ in range(100):
            jobs = self.json("/webclient/activities_json/")
            if not jobs["inprogress"]:
                assert not jobs["failure"], jobs
                return jobs
            time.sleep(0.1)
        raise AssertionError("It does not end.")

    @staticmethod
    def _checked(response: requests.Response) -> requests.Response:
        if response.ok:
            return response
        said = re.search(r'exception_value">(.*?)</pre>', response.text, re.DOTALL)
        words = html.unescape(said[1]) if said else response.text[-300:]
        raise AssertionError(f"{response.status_code} from {response.url}: {words}")


@cache
def visitor(place: Place) -> Visitor:
    """Return the user, signed in."""
    made = Visitor(address(place))
    assert "/login" not in made.sign_in(place.user, place.password).url
    return made
