"""Errors of the harness: we could not find out. A wrong stack is an AssertionError."""

from __future__ import annotations


class QaError(Exception):
    """The harness could not find out; says what was asked, where, and what to do."""


class UsageError(QaError):
    """The command or its configuration cannot be used as given; the exit code is 2."""


class ProbeError(QaError):
    """AWS refused or garbled an answer that a check needs."""
