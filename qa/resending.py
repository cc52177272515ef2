"""Telling the answer to a request that botocore sent twice from a refusal.

An answer can be lost after the request took effect. botocore then sends it again, and the second answer is
`AlreadyExistsException` for what the first one made, or `NonExistentQueue` for what it deleted.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def answers_a_resend(error: ClientError, codes: Collection[str]) -> bool:
    """Say whether the request had been sent before, and the error has one of the codes of a repetition.

    Use it only for what nobody else makes or deletes: a name of our own, or a thing that goes anyway.
    """
    attempts = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return attempts > 0 and error.response.get("Error", {}).get("Code", "") in codes


@contextmanager
def done_by_an_earlier_attempt(*codes: str) -> Iterator[None]:
    """Pass over an error that says that an earlier attempt of the same request took effect."""
    try:
        yield
    except ClientError as error:
        if not answers_a_resend(error, codes):
            raise
