"""Tokens that make a transaction idempotent: sent again within ten minutes it is not done again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.responses import DynamoHandler

from qa.embedded.patches import Patch

from .service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

TOKEN = "ClientRequestToken"  # noqa: S105 - a parameter's name
LIFETIME_SECONDS = 600.0


class ParameterMismatchError(DynamodbException):
    """The token was used for another transaction."""

    error_type = "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"

    def __init__(self) -> None:
        super().__init__(
            self.error_type,
            "The request was rejected because its idempotent token was used before for another request.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A transaction that was done, and what was answered."""

    digest: str
    at: float
    answer: Any


class Tokens:
    """The tokens used, by region. Hold LOCK."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str], Done] = {}

    def find(self, region: str, token: str, digest: str, *, now: float) -> Done | None:
        """Return what was done under a token; raises ParameterMismatchError for another transaction."""
        self._done = {key: done for key, done in self._done.items() if now - done.at < LIFETIME_SECONDS}
        found = self._done.get((region, token))
        if found is not None and found.digest != digest:
            raise ParameterMismatchError
        return found

    def keep(self, region: str, token: str, done: Done) -> None:
        """Remember what was done under a token."""
        self._done[region, token] = done

    def clear(self) -> None:
        """Forget all tokens."""
        self._done.clear()


def _once(original: Callable[..., Any], world: World) -> Callable[..., Any]:
    def transact_write_items(self: DynamoHandler) -> Any:
        token = self.body.get(TOKEN)
        if not token:
            return original(self)
        tokens, now = world.part(Service).tokens, world.clock.time()
        # before moto changes the body
        digest = sha256(json.dumps(self.body["TransactItems"], sort_keys=True).encode()).hexdigest()
        done = tokens.find(self.region, token, digest, now=now)
        if done is None:
            done = Done(digest=digest, at=now, answer=original(self))
            tokens.keep(self.region, token, done)
        return done.answer

    return transact_write_items


PATCHES = (Patch(owner=DynamoHandler, name="transact_write_items", parameters="self", around=_once),)
"""To be put on before what locks its handler."""
