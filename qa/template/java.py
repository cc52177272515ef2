"""The iteration order of a Java HashSet: CloudFormation lists a circular dependency in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hash_set_order(names: Iterable[str], *, sized_for: int) -> tuple[str, ...]:
    """Return the names as a HashSet made for `sized_for` elements gives them.

    Names that share a bucket keep their order.
    """
    mask = _capacity(sized_for) - 1
    return tuple(sorted(names, key=lambda name: _spread(name) & mask))


def _capacity(elements: int) -> int:
    needed = max(16, int(elements / 0.75) + 1)
    return 1 << (needed - 1).bit_length()


def _spread(name: str) -> int:
    code = 0
    units = name.encode("utf-16-be", "surrogatepass")
    for index in range(0, len(units), 2):
        code = (31 * code + (units[index] << 8 | units[index + 1])) & 0xFFFFFFFF
    return code ^ code >> 16
