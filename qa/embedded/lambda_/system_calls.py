"""Linux system calls that Python does not offer, and what the kernel says of them; standard library only."""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import sys

MACHINE = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}.get(platform.machine())
"""The processor, where we know its system calls; else None."""
IS_LINUX = sys.platform.startswith("linux")


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: object) -> int:
    """Make a system call on this thread; raises OSError when the kernel refuses it."""
    result = int(_libc().syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise _last_error()
    return result


def prctl(option: int, *values: object) -> int:
    """Change what the kernel keeps of this thread; raises OSError when it refuses."""
    numbers = [v if not isinstance(v, int) else ctypes.c_ulong(v) for v in values]
    numbers += [ctypes.c_ulong(0)] * (4 - len(numbers))
    result = int(_libc().prctl(ctypes.c_int(option), *numbers))
    if result < 0:
        raise _last_error()
    return result


def unshare(flags: int) -> None:
    """Give this thread namespaces of its own; raises OSError when it may not have them."""
    if _libc().unshare(ctypes.c_int(flags)) < 0:
        raise _last_error()


def _last_error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
