"""Parameter Store's error answers, in AWS's words where AWS has them."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class SsmRefusalError(ServiceException):
    """Parameter Store will not do it."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)


def invalid(message: str) -> SsmRefusalError:
    """Return the answer to a request that is not valid."""
    return SsmRefusalError("ValidationException", message)


def violated(value: object, member: str, constraint: str) -> SsmRefusalError:
    """Return the answer to a value that breaks a constraint of the service's model."""
    return invalid(
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        f"Member must {constraint}"
    )


def not_found() -> SsmRefusalError:
    """Return the answer to a name that no parameter has; AWS says no word."""
    return SsmRefusalError("ParameterNotFound")
