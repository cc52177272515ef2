"""S3's error answers, in AWS's words where AWS has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.exceptions import ServiceException

from qa.embedded.wire.protocol import Dialect, Protocol
from qa.embedded.wire.refusals import Error, Refusal, Special, error_response

if TYPE_CHECKING:
    from qa.embedded.kms import KmsRefusalError


class S3RefusalError(ServiceException):
    """S3 will not do it: `code` is AWS's, `status` the HTTP status.

    Not one of moto's S3 errors, whose status is 400 for all codes that the API model does not name.
    """

    def __init__(
        self, code: str, message: str, *, status: int = 400, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.headers = headers or {}

    def answer(self, method: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and body as moto's dispatcher expects them."""
        form = Special(code=self.code, status=self.status)
        error = Error(refusal=Refusal.INVALID, message=self.message, special=form)
        response = error_response(Dialect(protocol=Protocol.S3), error)
        headers = {"x-amz-request-id": response.headers["x-amz-request-id"], **self.headers}
        headers["content-type"] = "application/xml"
        return self.status, headers, "" if method == "HEAD" else response.get_data(as_text=True)


def denied(message: str) -> S3RefusalError:
    """Return the answer to somebody who may not."""
    return S3RefusalError("AccessDenied", message, status=403)


def invalid_request(message: str) -> S3RefusalError:
    """Return the answer to a request that does not fit the bucket."""
    return S3RefusalError("InvalidRequest", message)


def precondition_failed() -> S3RefusalError:
    """Return the answer to a request whose condition does not hold."""
    return S3RefusalError(
        "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status=412
    )


def not_modelled(what: str) -> S3RefusalError:
    """Return the answer to something that AWS does and this embedded AWS does not."""
    return S3RefusalError("NotImplemented", f"the embedded AWS does not model {what}", status=501)


def malformed_policy(message: str) -> S3RefusalError:
    """Return the answer to a bucket policy that S3 does not accept."""
    return S3RefusalError("MalformedPolicy", message)


def wrong_region(bucket: str, region: str) -> S3RefusalError:
    """Return the answer to a request that was signed for another region than the bucket's."""
    return S3RefusalError(
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        f"Please send all future requests to this endpoint: {bucket}.s3.{region}.amazonaws.com",
        status=301,
        headers={"x-amz-bucket-region": region},
    )


def from_kms(refusal: KmsRefusalError) -> S3RefusalError:
    """Return S3's answer when the object's key cannot be used."""
    if refusal.error_type == "AccessDeniedException":
        return denied(refusal.message)
    return S3RefusalError(f"KMS.{refusal.error_type}", refusal.message)
