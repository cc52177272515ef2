"""Binding one thread, and all that it then starts, to what a function may reach."""

from __future__ import annotations

import ctypes
import fcntl
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from . import landlock, seccomp
from .isolation import NEW_IPC, NEW_NET, NEW_PID, isolation
from .system_calls import IS_LINUX, prctl, unshare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 38, 24
_CAPABILITY_VERSION = 0x20080522
_SIOCSIFFLAGS, _UP_AND_RUNNING = 0x8914, 0x41

SYSTEM: dict[str, int] = {
    **dict.fromkeys(("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/bin", "/usr/bin"), landlock.RUN),
    **dict.fromkeys(
        (
            *("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
            *("/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/tls/openssl.cnf"),
            *("/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/resolv.conf"),
            # not /proc itself: it holds the environment of the server, and of all else that is yours
            *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/uptime", "/proc/version"),
            "/sys/devices/system/cpu",
        ),
        landlock.READ,
    ),
    **dict.fromkeys(("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"), landlock.USE),
}
"""What every program needs of the system, with its rights."""


def enter_namespaces(ports: Iterable[int]) -> list[socket.socket]:
    """Give this thread a loopback of its own and what it starts a process tree; return listeners there.

    A socket belongs to the network that it was made in, whichever thread uses it: by these the server
    is reached where nothing else can be. The first process started is the tree's root: all end with it.
    """
    unshare(NEW_PID | NEW_NET | NEW_IPC)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", _UP_AND_RUNNING))
    return [socket.create_server(("127.0.0.1", port)) for port in ports]


def confine_thread(paths: Mapping[Path, int], ports: Iterable[int]) -> None:
    """Leave this thread and all it starts the paths, the system's own, and these ports; for good.

    Raises OSError when the kernel refuses what it says it has: nothing may be started then.
    """
    if not IS_LINUX:
        return
    here = isolation()
    _drop_capabilities()
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if here.landlock:
        landlock.restrict_thread({**{Path(p): r for p, r in SYSTEM.items()}, **paths}, ports)
    if here.seccomp:
        seccomp.restrict_thread()


def _drop_capabilities() -> None:
    with suppress(OSError):  # EPERM: it has none; EINVAL: that was the last one
        for capability in range(64):
            prctl(_PR_CAPBSET_DROP, capability)
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, bytes(24)) < 0:
        raise OSError(ctypes.get_errno(), "capabilities could not be dropped")
