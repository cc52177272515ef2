"""Starting Node so that a handler sees no more of this machine than it would see of AWS's."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import landlock
from .runtimes import RUNTIMES
from .toolchain import BOOTSTRAP, Toolchain

if TYPE_CHECKING:
    import signal
    import subprocess

    from .functions import FunctionSpec

MB = 1 << 20
_DIE_WITH_PARENT = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where one environment works; real paths."""

    task: Path
    tmp: Path
    log: Path
    compile_cache: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Temporary credentials of the function's role."""

    access_key_id: str
    secret_access_key: str
    session_token: str


def environment_variables(
    spec: FunctionSpec,
    folders: Folders,
    credentials: Credentials,
    *,
    endpoint: str,
    runtime_api: str,
    log_stream: str,
) -> dict[str, str]:
    """Return the whole environment of the process; nothing is inherited from the server's own."""
    own = {
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_size),
        "AWS_LAMBDA_LOG_GROUP_NAME": spec.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        "AWS_REGION": spec.region,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        # 127.0.0.1 and not a name: for an IP address the SDK's S3 client takes path-style by itself
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "_HANDLER": spec.handler,
        "LAMBDA_TASK_ROOT": str(folders.task),
        "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP.parent),
        "HOME": str(folders.tmp),
        "TMPDIR": str(folders.tmp),
        "NODE_COMPILE_CACHE": str(folders.compile_cache),
    }
    defaults = {"TZ": ":UTC", "LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    chosen = {k: v for k, v in spec.variables if not k.startswith("AWS_ENDPOINT_URL")}
    return {**defaults, **chosen, **own}


def command(spec: FunctionSpec, folders: Folders, toolchain: Toolchain) -> list[str]:
    """Return the command line of the runtime, with the memory share that AWS's own start script gives V8."""
    flags = [
        f"--max-old-space-size={spec.memory_size * 90 // 100}",
        f"--max-semi-space-size={max(1, spec.memory_size * 5 // 100)}",
        *RUNTIMES[spec.runtime].flags,
    ]
    if spec.is_inline:
        flags += _permissions(folders, toolchain)
    return [str(toolchain.node), *flags, str(BOOTSTRAP.resolve())]


def _permissions(folders: Folders, toolchain: Toolchain) -> list[str]:
    """Keep inline code from the rest of the disk, from /proc (the server's environment) and processes."""
    readable = (
        folders.task.parent,  # Node looks for package.json and node_modules from the task folder upwards
        toolchain.node_modules,
        BOOTSTRAP.resolve(),
    )
    writable = (folders.tmp, folders.compile_cache)
    return [
        "--permission",
        # the runtime says so on stderr, which is the function's log
        "--disable-warning=SecurityWarning",
        *(f"--allow-fs-read={_subtree(path)}" for path in (*readable, *writable)),
        *(f"--allow-fs-write={_subtree(path)}" for path in writable),
    ]


def paths(folders: Folders, toolchain: Toolchain) -> dict[Path, int]:
    """Return what the process may use of the disk beside the system's own, with the kernel's rights."""
    return {
        toolchain.node: landlock.RUN,
        toolchain.node_modules: landlock.RUN,
        BOOTSTRAP.resolve(): landlock.READ,
        # Node 24 looks for it, and takes a refusal for an error
        BOOTSTRAP.resolve().parent / "package.json": landlock.READ,
        folders.task: landlock.RUN,
        folders.tmp: landlock.OWN,
        folders.compile_cache: landlock.OWN,
    }


def _subtree(path: Path) -> str:
    return f"{path}/*" if path.is_dir() else str(path)


def dying_with_parent() -> list[str]:
    """Return a prefix that makes the kernel kill the process with the server, even while it loops."""
    if not sys.platform.startswith("linux"):
        return []
    if setpriv := shutil.which("setpriv"):
        return [setpriv, "--pdeathsig", "KILL"]
    return [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT]


def limit(pid: int, spec: FunctionSpec) -> None:
    """Set the limits from outside, as soon as the process exists; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415 - not on Windows

    limits = {
        # RLIMIT_AS would break V8, which reserves gigabytes that it never touches
        resource.RLIMIT_DATA: (spec.memory_size + RUNTIMES[spec.runtime].overhead) * MB,
        resource.RLIMIT_FSIZE: spec.storage_size * MB,
        resource.RLIMIT_CORE: 0,
    }
    with suppress(ProcessLookupError):
        for limit, value in limits.items():
            resource.prlimit(pid, limit, (value, value))


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the process and what it started; one that is gone needs no signal."""
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def descendants(pid: int) -> tuple[int, ...]:
    """Return what a process has started, in whatever group or session; empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            fields = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found = list(children.get(pid, ()))
    for child in found:  # grows on the way
        found += children.get(child, ())
    return tuple(found)


def peak_memory(process: subprocess.Popen[bytes], *, otherwise: int) -> int:
    """Return the process's peak memory in MB, or `otherwise` where the system does not report it."""
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:  # noqa: PTH123 - 3 times faster
            line = next(line for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return otherwise
    return int(line.split()[1]) // 1024
