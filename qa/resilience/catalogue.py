"""All ready checks by number, in the order of the page that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tables import table_replicates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .ready import Test

CHECKS: Mapping[int, Callable[..., Test]] = {
    2: table_replicates,
}
