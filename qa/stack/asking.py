"""Turning what botocore raises into errors that say what was asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from qa.errors import ProbeError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Raise ProbeError for any refusal or silence of AWS inside the block; `what` begins its message."""
    try:
        yield
    except ClientError as error:
        told = error.response.get("Error", {})
        request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "unknown")
        raise ProbeError(
            f"{what}: {error.operation_name} was refused with {told.get('Code', 'no code')}: "
            f"{told.get('Message', 'no message')} (request {request_id})"
        ) from error
    except NoCredentialsError as error:
        raise ProbeError(
            f"{what}: no credentials. Set AWS_PROFILE, or paste the exports that `qa serve` prints."
        ) from error
    except BotoCoreError as error:
        raise ProbeError(f"{what}: {error}") from error


def code_of(error: ClientError) -> str:
    """Return the error code, e.g. ValidationError."""
    return error.response.get("Error", {}).get("Code", "")


def message_of(error: ClientError) -> str:
    """Return the error's message."""
    return error.response.get("Error", {}).get("Message", "")
