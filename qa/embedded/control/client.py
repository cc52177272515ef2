"""The caller's side of the control routes."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from qa.embedded.settings import ADMIN_SECRET_ACCESS_KEY
from qa.errors import QaError

Json = dict[str, Any]


class ControlError(QaError):
    """The embedded AWS did not do what a control route was called for."""


class Control:
    """The control routes of one server, for tests and scripts. Raises ControlError when one refuses.

    `secret` is the server's administrator secret; by default that of the servers this process starts.
    """

    def __init__(self, endpoint: str, *, secret: str = ADMIN_SECRET_ACCESS_KEY) -> None:
        self._base = f"{endpoint}/_qa/v1/"
        self._headers = {"Authorization": f"Bearer {secret}"}

    def state(self) -> Json:
        """Return the server's process ID, endpoints and account."""
        return self.send("GET", "state")

    def time(self) -> float:
        """Return the time of the server's clock in seconds since the epoch."""
        return float(self.send("GET", "clock")["time"])

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that alarms and metrics go by."""
        self.send("POST", "clock", {"advance": seconds})

    def settings(self) -> Json:
        """Return the settings in force."""
        return self.send("GET", "settings")

    def change_settings(self, **settings: float) -> None:
        """Set lags and intervals, in seconds, by the names of Settings."""
        self.send("POST", "settings", settings)

    def faults(self) -> list[Json]:
        """Return the faults in force, oldest first."""
        faults: list[Json] = self.send("GET", "faults")["faults"]
        return faults

    def start_fault(self, kind: str, **parts: str | float) -> int:
        """Put a fault in force and return its ID; docs/faults.md has the kinds and their parameters."""
        return int(self.send("POST", "faults", {"kind": kind, **parts})["id"])

    def end_fault(self, fault_id: int) -> None:
        """End one fault."""
        self.send("DELETE", f"faults/{fault_id}")

    def end_faults(self) -> None:
        """End all faults."""
        self.send("DELETE", "faults")

    def requests(self) -> list[Json]:
        """Return the last requests of callers, oldest first."""
        requests: list[Json] = self.send("GET", "requests")["requests"]
        return requests

    def reset(self) -> None:
        """Forget all state: an account in which nothing was ever made."""
        self.send("POST", "reset")

    def send(self, method: str, route: str, body: Json | None = None) -> Json:
        """Send one request and return the response's JSON object."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + route, content, self._headers, method=method)  # noqa: S310 - our own server's URL
        try:
            with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - as above
                result: Json = json.load(response)
                return result
        except urllib.error.HTTPError as refused:
            with refused:
                raise ControlError(f"{method} {request.full_url}: {_reason(refused.read())}") from refused
        except OSError as broken:
            raise ControlError(f"no embedded AWS answers at {request.full_url}: {broken}") from broken


def _reason(content: bytes) -> str:
    try:
        return str(json.loads(content)["error"])
    except (ValueError, LookupError, TypeError):  # whatever else answers at that port
        return content.decode("utf-8", "replace")
