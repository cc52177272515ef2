"""What keeps functions from the rest of this machine: one value, which everybody who speaks of it reads."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass

from . import landlock, orphans
from .system_calls import IS_LINUX, MACHINE, prctl, unshare

NEW_IPC, NEW_PID, NEW_NET = 0x08000000, 0x20000000, 0x40000000
_PR_GET_SECCOMP = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The layers that this kernel gives to the user that the server runs as."""

    landlock: int
    """Its ABI; 0 without."""
    seccomp: bool
    namespaces: bool
    """Processes and network of its own for each environment."""
    orphans: bool
    """Without namespaces: what an environment has started is found, also when its parents have ended."""

    @property
    def is_by_kernel(self) -> bool:
        """True when uploaded packages are confined, too."""
        return self.landlock > 0

    @property
    def summary(self) -> str:
        """What is in force, in a line."""
        layers = [
            *([f"Landlock ABI {self.landlock}"] if self.landlock else []),
            *(["seccomp"] if self.seccomp else []),
            *(["own process and network namespaces"] if self.namespaces else []),
            *(["orphans found"] if self.orphans and not self.namespaces else []),
        ]
        if self.is_by_kernel:
            return f"by the kernel: {', '.join(layers)}"
        kept = f" (and by the kernel: {', '.join(layers)})" if layers else ""
        return f"Node's permission model for inline code only{kept}"

    @property
    def not_stopped(self) -> tuple[str, ...]:
        """What a function can still do; docs/security.md explains each."""
        if not self.is_by_kernel:
            return (
                "a package reads and writes all that you can",
                "connections to any address",
                "listening",
                "signals to your processes" if not self.namespaces else "signals inside the environment",
            )
        gaps = [
            (not self.seccomp, "UNIX sockets, datagrams, file modes and times"),
            (not self.seccomp and self.landlock < 4, "listening"),
            (not self.namespaces and self.landlock < 4, "connections to any address"),
            (not self.namespaces and self.landlock >= 4, "the endpoint's port number on other machines"),
            (not self.namespaces and self.landlock < 6, "signals to your processes"),
            (
                not self.namespaces and not self.orphans,
                "a child whose own parent has ended outlives its environment",
            ),
            (True, "whether a file exists, its size and times"),
        ]
        return tuple(text for applies, text in gaps if applies)


@functools.cache
def isolation() -> Isolation:
    """Return what is in force here; found out once."""
    seccomp = _has_seccomp()
    return Isolation(
        landlock=landlock.abi(),
        seccomp=seccomp,
        namespaces=_may_have_namespaces(),
        orphans=seccomp and orphans.can_be_found(),
    )


def _has_seccomp() -> bool:
    if not IS_LINUX or MACHINE is None:
        return False
    try:
        return prctl(_PR_GET_SECCOMP) >= 0
    except OSError:
        return False


def _may_have_namespaces() -> bool:
    """Try it, on a thread that is thrown away."""
    if not IS_LINUX:
        return False
    worked = []

    def attempt() -> None:
        try:
            unshare(NEW_PID | NEW_NET | NEW_IPC)
        except OSError:
            return
        worked.append(True)

    thread = threading.Thread(target=attempt, name="qa-lambda-namespaces")
    thread.start()
    thread.join()
    return bool(worked)
