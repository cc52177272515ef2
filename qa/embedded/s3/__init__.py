"""S3: buckets of a region, encryption by KMS for the caller, and replication between regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import moto.s3.models
import moto.s3.responses

from qa.embedded import patches
from qa.embedded.kms.current import set_world

from . import answers, models, store, validation
from .digests import compute_checksum
from .policies import is_public
from .refusals import S3RefusalError
from .replication import status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

__all__ = ["HOOKS", "PATCHES", "S3RefusalError", "install", "is_public", "models", "status_of"]

PATCHES = validation.PATCHES

HOOKS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    *store.HOOKS,
    *answers.HOOKS,
    (moto.s3.models, "compute_checksum", compute_checksum),
    (moto.s3.responses, "compute_checksum", compute_checksum),
)


def install(world: World) -> None:
    """Put our S3 in moto's place, for this world, whose KMS is installed too.

    Raises AttributeError if a symbol of moto's has moved.
    """
    set_world(world)
    for owner, name, ours in HOOKS:
        getattr(owner, name)
        setattr(owner, name, ours)
    world.on_close(patches.apply(PATCHES, world))
