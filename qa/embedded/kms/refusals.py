"""KMS's error answers, in AWS's words where AWS has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.exceptions import JsonRESTError

if TYPE_CHECKING:
    from moto.kms.models import Key


class KmsRefusalError(JsonRESTError):
    """KMS will not do it: `error_type` is AWS's code, `message` its words."""

    def __str__(self) -> str:
        return f"{self.error_type}: {self.message}"


def not_found(message: str) -> KmsRefusalError:
    """Return the answer to a key or alias that is not there."""
    return KmsRefusalError("NotFoundException", message)


def disabled(key: Key) -> KmsRefusalError:
    """Return the answer to using a key that somebody disabled."""
    return KmsRefusalError("DisabledException", f"{key.arn} is disabled.")


def wrong_state(key: Key) -> KmsRefusalError:
    """Return the answer to using a key that is waiting for its end."""
    waiting = {
        "PendingDeletion": "is pending deletion.",
        "PendingReplicaDeletion": "is pending replica deletion.",
    }
    return KmsRefusalError(
        "KMSInvalidStateException", f"{key.arn} {waiting.get(key.key_state, f'is {key.key_state}.')}"
    )


def unknown_ciphertext_key() -> KmsRefusalError:
    """Return the answer to a ciphertext of a key that this region does not know."""
    return KmsRefusalError(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, "
        "or you are not allowed to access.",
    )


def incorrect_key() -> KmsRefusalError:
    """Return the answer to a ciphertext of another key than the one named."""
    return KmsRefusalError(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
    )


def invalid_ciphertext() -> KmsRefusalError:
    """Return the answer to a garbled ciphertext or another encryption context; AWS says no word."""
    return KmsRefusalError("InvalidCiphertextException", "")


def unsupported(message: str) -> KmsRefusalError:
    """Return the answer to something that this kind of key cannot do."""
    return KmsRefusalError("UnsupportedOperationException", message)


def invalid(message: str) -> KmsRefusalError:
    """Return the answer to a parameter that KMS does not accept."""
    return KmsRefusalError("ValidationException", message)


def malformed_policy(message: str) -> KmsRefusalError:
    """Return the answer to a key policy that KMS does not accept."""
    return KmsRefusalError("MalformedPolicyDocumentException", message)
