"""Which refusals of AWS say that the stack is wrong, and not that the runner lacks a right."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.probe.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

OF_THE_STACK = frozenset(
    {
        "DisabledException",
        "KMSInvalidStateException",
        "NotFoundException",
        "IncorrectKeyException",
        "InvalidCiphertextException",
        "ResourceNotFoundException",
        "NoSuchBucket",
        "KMS.DisabledException",
    }
)


@contextmanager
def refusals_of_the_stack(*, besides: Collection[str] = ()) -> Iterator[None]:
    """Turn a refusal that only the stack can have caused into an AssertionError with AWS's own words.

    A denial is the runner's own as a rule; a check that is about policies names it in `besides`.
    """
    __tracebackhide__ = True
    try:
        yield
    except RefusedError as refused:
        if refused.code in OF_THE_STACK or refused.code in besides:
            raise AssertionError(str(refused)) from refused
        raise
