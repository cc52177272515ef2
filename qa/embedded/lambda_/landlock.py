"""Landlock: the files, ports and processes that a thread and all it starts may reach. Needs no privileges."""

from __future__ import annotations

import ctypes
import functools
import os
import struct
from typing import TYPE_CHECKING

from .system_calls import IS_LINUX, MACHINE, call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same number on every processor
_PATH_BENEATH, _NET_PORT = 1, 2
_VERSION = 1

# bits of linux/landlock.h, and the ABI that knows them
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE = 1 << 14
_ALL_OF_ABI_1 = (1 << 13) - 1
_LATER = {2: 1 << 13, 3: _TRUNCATE, 5: 1 << 15}  # rename across folders; truncate; ioctl on devices
_BIND_TCP, _CONNECT_TCP = 1, 1 << 1
_NETWORK_ABI, _SCOPE_ABI = 4, 6
_SCOPES = 3  # abstract UNIX sockets, signals

READ = _READ_FILE | _READ_DIR
"""Read files and list folders."""
RUN = READ | _EXECUTE
"""Read, and run as a program or map as a library."""
USE = _READ_FILE | _WRITE_FILE | _TRUNCATE
"""Read and write files that are there: devices."""
OWN = (1 << 16) - 1
"""Everything that files and folders can be used for."""
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15


@functools.cache
def abi() -> int:
    """Return the version of Landlock in this kernel; 0 where there is none."""
    if not IS_LINUX or MACHINE is None:
        return 0
    try:
        return call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    except OSError:
        return 0


def restrict_thread(paths: Mapping[Path, int], connect_to: Iterable[int]) -> None:
    """Leave this thread nothing but these paths and, by TCP, these ports; for good.

    `no_new_privs` must be set. A path that does not exist gives nothing. Raises OSError.
    """
    handled = _ALL_OF_ABI_1 | sum(bit for version, bit in _LATER.items() if abi() >= version)
    network = _BIND_TCP | _CONNECT_TCP if abi() >= _NETWORK_ABI else 0
    scopes = _SCOPES if abi() >= _SCOPE_ABI else 0
    attributes = struct.pack("=QQQ", handled, network, scopes)
    ruleset = call(_CREATE_RULESET, attributes, ctypes.c_size_t(_known_size()), ctypes.c_uint(0))
    try:
        for path, rights in paths.items():
            _allow_path(ruleset, path, rights & handled)
        for port in connect_to if network else ():
            _add(ruleset, _NET_PORT, struct.pack("=QQ", _CONNECT_TCP, port))
        call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0))
    finally:
        os.close(ruleset)


def _known_size() -> int:
    """Return how much of the attributes this kernel knows; an older one refuses more."""
    return 8 * (1 + (abi() >= _NETWORK_ABI) + (abi() >= _SCOPE_ABI))


def _allow_path(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not path.is_dir():
            rights &= _OF_FILES
        _add(ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor))
    finally:
        os.close(descriptor)


def _add(ruleset: int, kind: int, rule: bytes) -> None:
    call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(kind), rule, ctypes.c_uint(0))
