"""Lambda's error answers, in AWS's words where AWS has them."""

from __future__ import annotations

import json

from moto.awslambda.exceptions import LambdaClientError


class LambdaRefusalError(LambdaClientError):
    """An error answer of the Lambda API with the members that its clients read."""

    def __init__(self, code: str, message: str, *, status: int = 400, reason: str | None = None) -> None:
        super().__init__(code, message)
        self.code = status
        members = {"Type": "User", "message": message}
        if reason is not None:
            members["Reason"] = reason
        self.description = json.dumps(members)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.error_type}: {self.message}"


def invalid_parameter(message: str) -> LambdaRefusalError:
    """Return the answer to a parameter that Lambda does not accept."""
    return LambdaRefusalError("InvalidParameterValueException", message)


def invalid_request(message: str) -> LambdaRefusalError:
    """Return the answer to a parameter that breaks a constraint of the API's model."""
    return LambdaRefusalError("ValidationException", message)


def conflict(message: str) -> LambdaRefusalError:
    """Return the answer to something that is there already."""
    return LambdaRefusalError("ResourceConflictException", message, status=409)


def not_modelled(what: str) -> LambdaRefusalError:
    """Return the answer to something that AWS does and this embedded AWS does not."""
    return invalid_parameter(f"the embedded AWS does not model {what}")


def throttled(reason: str) -> LambdaRefusalError:
    """Return the answer to an invocation over a concurrency limit."""
    return LambdaRefusalError("TooManyRequestsException", "Rate Exceeded.", status=429, reason=reason)


def invalid_content(problem: str) -> LambdaRefusalError:
    """Return the answer to a payload that is not JSON."""
    return LambdaRefusalError(
        "InvalidRequestContentException", f"Could not parse request body into json: {problem}"
    )


def too_large(size: int, *, kind: str, limit: int) -> LambdaRefusalError:
    """Return the answer to a payload above the limit of its invocation type; sizes in bytes."""
    return LambdaRefusalError(
        "RequestTooLargeException",
        f"{size} byte payload is too large for the {kind} invocation type (limit {limit} bytes)",
        status=413,
    )


def cannot_run(message: str) -> LambdaRefusalError:
    """Return the answer to an invocation that this machine cannot run; never retried by clients."""
    return LambdaRefusalError("InvalidRuntimeException", message)
