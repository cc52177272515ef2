"""Whether a request was signed with the secret of its access key, over what it now carries.

botocore signs it again, over exactly the headers that the client says it signed.
"""

from __future__ import annotations

import hmac
import io
import re
import time
from calendar import timegm
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from botocore.auth import HmacV1Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials
from botocore.utils import normalize_url_path
from werkzeug.wrappers import Request

from qa.embedded.request import CALLER
from qa.embedded.service.declaration import tolerance_of

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from qa.embedded.service.declaration import Service

ALGORITHM = "AWS4-HMAC-SHA256"
PAYLOAD = "qa.payload_sha256"
USER_AGENT = "qa.user_agent"
UNSIGNED = "UNSIGNED-PAYLOAD"
DIGEST = re.compile(r"[0-9a-f]{64}")
STAMP = "%Y%m%dT%H%M%SZ"
PARTS = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
SIGV2 = re.compile(r"AWS [^:\s]+:(\S+)")


class Fault(Enum):
    """What is wrong with a signature."""

    WRONG = "signed with another secret, or over another request"
    SKEWED = "signed too long ago, or in the future"
    LATE = "a presigned URL whose time is over"
    PAYLOAD = "the body is not the one that was signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature of version 4, from a header or a presigned URL."""

    scope: tuple[str, ...]
    """Access key ID, date, region, service and `aws4_request`."""
    headers: tuple[str, ...]
    signature: str
    timestamp: str
    lifetime: int | None = None
    """Seconds for which a presigned URL is good; None for a header."""

    @property
    def service(self) -> str:
        """The name of the service in the scope."""
        return self.scope[3]


def remember_payload(environ: WSGIEnvironment) -> None:
    """Note the digest of a signed request's body before anything parses it; the body is put back."""
    if CALLER in environ:  # nobody signed it
        return
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    declared = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")
    if not authorization.startswith(ALGORITHM) or (declared and DIGEST.fullmatch(declared) is None):
        return
    body = Request(environ, populate_request=False).get_data(cache=False)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ[PAYLOAD] = sha256(body).hexdigest()


def fault_of(request: Request, secret: str, services: tuple[Service, ...]) -> Fault | None:
    """Return what is wrong with the signature of a request; None if nothing is.

    The services say how far from now a signature may be.
    """
    if "Signature" in request.args or SIGV2.match(request.headers.get("Authorization", "")):
        return _fault_of_version_2(request, secret)
    signed = _signed(request)
    if signed is None or "host" not in signed.headers:
        return Fault.WRONG
    when = _epoch(signed.timestamp)
    if when is None or signed.timestamp[:8] != signed.scope[1]:
        return Fault.WRONG
    if not hmac.compare_digest(_expected(request, signed, secret), signed.signature):
        return Fault.WRONG
    return _fault_of_time(signed, when, services) or _fault_of_payload(request, signed)


def words_on_skew(request: Request, services: tuple[Service, ...]) -> str:
    """Return the words of all services but S3 on a signature of another time."""
    signed = _signed(request)
    if signed is None:
        raise ValueError("the request has no signature of version 4")
    minutes = tolerance_of(services, signed.service)
    now = time.time()
    earliest, present, latest = (
        time.strftime(STAMP, time.gmtime(now + offset * 60)) for offset in (-minutes, 0, minutes)
    )
    if signed.timestamp > latest:
        return (
            f"Signature not yet current: {signed.timestamp} is still later than {latest} "
            f"({present} + {minutes} min.)"
        )
    return (
        f"Signature expired: {signed.timestamp} is now earlier than {earliest} ({present} - {minutes} min.)"
    )


def _signed(request: Request) -> Signed | None:
    header = request.headers.get("Authorization", "")
    parts: dict[str, str] = dict(PARTS.findall(header)) if header.startswith(ALGORITHM) else {}
    timestamp, lifetime = request.headers.get("X-Amz-Date", ""), None
    if not header and request.args.get("X-Amz-Algorithm") == ALGORITHM:
        parts = {
            name: request.args.get(f"X-Amz-{name}", "")
            for name in ("Credential", "SignedHeaders", "Signature")
        }
        timestamp = request.args.get("X-Amz-Date", "")
        lifetime = request.args.get("X-Amz-Expires", default=0, type=int)
    scope = tuple(parts.get("Credential", "").split("/"))
    if len(scope) != 5 or scope[4] != "aws4_request" or not parts.get("Signature"):
        return None
    return Signed(
        scope=scope,
        headers=tuple(parts.get("SignedHeaders", "").split(";")),
        signature=parts["Signature"],
        timestamp=timestamp,
        lifetime=lifetime,
    )


class _Signer(SigV4Auth):
    """botocore's signer, over what the client signed instead of what botocore would have."""

    def canonical_request(self, request: AWSRequest) -> str:
        """Return the text whose digest is signed."""
        url = urlsplit(str(request.url))
        return "\n".join(
            (
                str(request.method),
                _path(url.path) if request.context["is_s3"] else _normalized(url.path),
                _query(url.query),
                self.canonical_headers(request.headers) + "\n",
                self.signed_headers(request.headers),
                request.context["payload"],
            )
        )


def _path(path: str) -> str:
    return quote(unquote(path), safe="/-_.~")


def _normalized(path: str) -> str:
    # all services but S3 encode the path that was encoded already
    return quote(normalize_url_path(path), safe="/~")


def _query(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    spelled = sorted((_spelled(name), _spelled(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in spelled if name != "X-Amz-Signature")


def _spelled(text: str) -> str:
    return quote(unquote(text), safe="-_.~")


def _expected(request: Request, signed: Signed, secret: str) -> str:
    headers = {name: _header(request, name) for name in signed.headers}
    again = AWSRequest(method=request.method, url=request.environ["RAW_URI"], headers=headers)
    again.context.update(
        timestamp=signed.timestamp, payload=_payload(request, signed), is_s3=signed.service == "s3"
    )
    signer = _Signer(Credentials(signed.scope[0], secret), signed.service, signed.scope[2])
    return signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)


def _header(request: Request, name: str) -> str:
    if name == "user-agent":  # the front takes something out of it
        return str(request.environ.get(USER_AGENT, request.headers.get(name, "")))
    return request.headers.get(name, "")


def _payload(request: Request, signed: Signed) -> str:
    declared = request.headers.get("X-Amz-Content-SHA256")
    if declared:
        return declared
    if signed.lifetime is not None and signed.service == "s3":
        return UNSIGNED
    return _digest(request)


def _digest(request: Request) -> str:
    found: str | None = request.environ.get(PAYLOAD)
    return found if found is not None else sha256(request.get_data()).hexdigest()


def _fault_of_payload(request: Request, signed: Signed) -> Fault | None:
    declared = request.headers.get("X-Amz-Content-SHA256", "")
    if DIGEST.fullmatch(declared) is None or declared == _digest(request):
        return None
    return Fault.PAYLOAD if signed.service == "s3" else Fault.WRONG


def _fault_of_time(signed: Signed, when: float, services: tuple[Service, ...]) -> Fault | None:
    now = time.time()
    if signed.lifetime is not None:
        return Fault.LATE if now > when + signed.lifetime else None
    tolerance = tolerance_of(services, signed.service) * 60
    return Fault.SKEWED if abs(now - when) > tolerance else None


def _epoch(timestamp: str) -> float | None:
    try:
        return timegm(time.strptime(timestamp, STAMP))
    except ValueError:
        return None


def _fault_of_version_2(request: Request, secret: str) -> Fault | None:
    """Judge the signature of S3's former version, which presigned URLs of us-east-1 still have."""
    given = SIGV2.match(request.headers.get("Authorization", ""))
    expires = None if given else request.args.get("Expires", "")
    sent = dict(request.headers.items())
    if expires is not None:
        sent |= dict(parse_qsl(request.environ.get("QUERY_STRING", ""), keep_blank_values=True))
    headers = HTTPHeaders()
    for name, value in sent.items():
        if name.lower() in ("content-md5", "content-type", "date") or name.lower().startswith("x-amz-"):
            headers[name] = value
    split = urlsplit(request.environ["RAW_URI"])
    signer: Any = HmacV1Auth(Credentials("", secret))  # the stubs know neither headers nor texts
    # botocore would sign for this moment
    signer._get_date = lambda: request.headers.get("Date", "") if expires is None else expires
    # the resource of a bucket ends in a slash, whether or not its path does
    resource = split.path if "/" in split.path[1:] else f"{split.path.rstrip('/')}/"
    expected = signer.get_signature(request.method, split, headers, auth_path=resource)
    if not hmac.compare_digest(expected, given[1] if given else request.args["Signature"]):
        return Fault.WRONG
    if expires is None:
        return None
    return Fault.LATE if not expires.isdigit() or int(expires) < time.time() else None
