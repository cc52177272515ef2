"""Turning what botocore raises into errors that say what was requested."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError

from qa.errors import ProbeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXPIRED = "The credentials have expired: get new ones (`aws sso login`, or fresh exports) and try again."
UNKNOWN_KEY = "AWS does not know these credentials: look at AWS_PROFILE and the AWS_… variables."
ADVICE: Mapping[str, str] = {
    "ExpiredToken": EXPIRED,
    "ExpiredTokenException": EXPIRED,
    "RequestExpired": "Look at this machine's clock (`qa doctor`): requests hold for 5 to 15 minutes.",
    "RequestTimeTooSkewed": "Look at this machine's clock (`qa doctor`): requests hold for 5 to 15 minutes.",
    "InvalidClientTokenId": UNKNOWN_KEY,
    "UnrecognizedClientException": UNKNOWN_KEY,
    "SignatureDoesNotMatch": "The secret key is another's, or this machine's clock is wrong (`qa doctor`).",
}
"""What to do, by error code, where AWS's own words do not say it."""

LONGEST = 300


@contextmanager
def translate_errors(what: str) -> Iterator[None]:
    """Raise ProbeError for any refusal or silence of AWS inside the block; `what` begins its message."""
    try:
        yield
    except ClientError as error:
        details = error.response.get("Error", {})
        request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "unknown")
        advice = ADVICE.get(details.get("Code", ""))
        raise ProbeError(
            f"{what}: {error.operation_name} was refused with {details.get('Code', 'no code')}: "
            f"{details.get('Message', 'no message')} (request {request_id})"
            + (f". {advice}" if advice else "")
        ) from error
    except NoCredentialsError as error:
        raise ProbeError(
            f"{what}: no credentials. Set AWS_PROFILE, or paste the exports that `qa serve` prints."
        ) from error
    except (ProfileNotFound, PartialCredentialsError) as error:
        raise ProbeError(
            f"{what}: {error}. Look at AWS_PROFILE, --profile and the AWS_… variables."
        ) from error
    except EndpointConnectionError as error:
        raise ProbeError(f"{what}: {error}. If it is `qa serve`, it has ended: start it again.") from error
    except ResponseParserError as error:
        raise ProbeError(f"{what}: the response is not from AWS: {_beginning(str(error))}") from error
    except BotoCoreError as error:
        raise ProbeError(f"{what}: {error}") from error


def _beginning(text: str) -> str:
    """Return the first words of what may be a whole web page."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def request_token() -> str:
    """Return a token by which CloudFormation knows a request that is sent again."""
    return f"qa-{secrets.token_hex(8)}"


def code_of(error: ClientError) -> str:
    """Return the error code, e.g. ValidationError."""
    return error.response.get("Error", {}).get("Code", "")


def message_of(error: ClientError) -> str:
    """Return the error's message."""
    return error.response.get("Error", {}).get("Message", "")
