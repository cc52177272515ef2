"""What a ready check can say besides PASSED: red, late, not exercised; and which refusals mean what."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from qa.errors import QaError
from qa.probe.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

NOT_MODELLED = frozenset({"NotImplemented", "UnsupportedOperation", "UnknownOperation"})
"""The target itself says that it does not have the operation: nothing about the stack."""
OF_THE_STACK = frozenset(
    {
        "DisabledException",
        "IncorrectKeyException",
        "InvalidCiphertextException",
        "KMS.DisabledException",
        "KMSInvalidStateException",
        "NoSuchBucket",
        "NotFound",
        "NotFoundException",
        "ResourceNotFound",
        "ResourceNotFoundException",
    }
)
"""Refusals that only the stack can have caused; a denial is the runner's own as a rule."""


class NotExercisedError(QaError):
    """The check could not do its work here, and says why."""


class LateError(QaError):
    """Something that has no stated objective took longer than the check waits: unknown, not red."""


def red(what: object, *, found: str, expected: str, fix: str) -> AssertionError:
    """Return the failure of a stack that is wrong: what and where, found, expected, and what to do."""
    return AssertionError(f"{what}: found {found}, expected {expected}. {fix}")


@contextmanager
def refusals_of_the_stack(*, besides: Collection[str] = (), fix: str = "") -> Iterator[None]:
    """Turn a refusal that only the stack can have caused into an AssertionError with AWS's own words.

    A check that is about policies names its denial in `besides`.
    """
    __tracebackhide__ = True
    try:
        yield
    except RefusedError as refused:
        if refused.code in OF_THE_STACK or refused.code in besides:
            raise AssertionError(f"{refused}. {fix}" if fix else str(refused)) from refused
        raise


def not_modelled(error: BaseException) -> bool:
    """Say whether the target refused because it does not model what was requested."""
    if isinstance(error, RefusedError):
        return error.code in NOT_MODELLED
    cause = error.__cause__  # a request of qa.stack, whose errors hold AWS's
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] in NOT_MODELLED
