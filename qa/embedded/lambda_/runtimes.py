"""The Node runtimes of Lambda that run here; one more is one more entry, and its packages in package.json."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRuntime:
    """What one runtime is made of."""

    alias: str
    """The packages of package.json are `<alias>-<platform>`, as `node22-linux-x64`."""
    overhead: int
    """What Node needs beside the handler's own memory, in MB of private writable pages (RLIMIT_DATA)."""
    flags: tuple[str, ...] = ()
    """What AWS starts Node with: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html."""


DEFAULT_RUNTIME = "nodejs22.x"
RUNTIMES: Mapping[str, NodeRuntime] = MappingProxyType(
    {
        "nodejs22.x": NodeRuntime(
            alias="node22",
            overhead=64,
            flags=("--no-experimental-require-module", "--no-experimental-detect-module"),
        ),
        # AWS switches both features off up to Node 22 only
        # its V8 maps 512 MB for machine code at once, and the kernel counts them: VmData starts at 575 MB
        "nodejs24.x": NodeRuntime(alias="node24", overhead=64 + 528),
    }
)
