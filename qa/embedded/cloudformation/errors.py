"""What the service answers when it refuses, and what a resource fails with."""

from __future__ import annotations

from moto.core.exceptions import ServiceException

UNMODELLED = "UnsupportedOperation"


class RefusedError(ServiceException):
    """A request that is answered with HTTP 400, a code and a message; never retried by clients."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


class ResourceError(Exception):
    """A resource could not be created, updated or deleted; the text is its status reason."""

    def __init__(self, logical_id: str, reason: str) -> None:
        super().__init__(reason)
        self.logical_id = logical_id
        self.reason = reason


class UnresolvedValueError(Exception):
    """An intrinsic function has no value; the text says why."""


def invalid(message: str) -> RefusedError:
    """Return the answer to a request or a template that is not valid."""
    return RefusedError("ValidationError", message)


def unmodelled(what: str) -> RefusedError:
    """Return the refusal of something that AWS has and the embedded AWS does not model."""
    return RefusedError(UNMODELLED, f"no support for {what} in the embedded AWS")


def handler_code(code: str) -> str:
    """Return CloudFormation's HandlerErrorCode for a service's error code."""
    if "AlreadyExist" in code or code in ("ResourceConflictException", "ResourceInUseException"):
        return "AlreadyExists"
    if "NotFound" in code or "NonExistent" in code or code.startswith("NoSuch") or code == "404":
        return "NotFound"
    if "AccessDenied" in code or code.startswith("AuthorizationError"):
        return "AccessDenied"
    if "LimitExceeded" in code:
        return "ServiceLimitExceeded"
    if code.startswith(("Invalid", "Malformed", "Validation")):
        return "InvalidRequest"
    return "GeneralServiceException"
