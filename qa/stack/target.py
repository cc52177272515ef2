"""Which AWS a run is about: the embedded one, a real account, or an endpoint that speaks AWS."""

from __future__ import annotations

import dataclasses
import enum
import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"


class TargetKind(enum.Enum):
    """The words of --target."""

    EMBEDDED = "embedded"
    AWS = "aws"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Static credentials; never written anywhere."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where requests go. Without `credentials` boto3 finds its own (profile, environment, role)."""

    kind: TargetKind
    endpoint: str | None = None
    """The URL of everything; None for aws, and for the embedded AWS before it has started."""
    credentials: Credentials | None = None
    profile: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    """ARNs of the roles that are assumed by these credentials, by region; in others they act themselves."""

    endpoints: Mapping[str, str] = field(default_factory=dict)
    """URLs of services at the real AWS, such as those of a network without a way out; by boto3's name."""

    def at(self, endpoint: str, credentials: Credentials) -> Target:
        """Return this target once its server answers."""
        return dataclasses.replace(self, endpoint=endpoint, credentials=credentials)

    @property
    def is_local(self) -> bool:
        """True when nothing leaves this machine."""
        if self.endpoint is None:
            return self.kind is TargetKind.EMBEDDED
        return _is_loopback(self.endpoint)

    @property
    def title(self) -> str:
        """The target in words, e.g. `endpoint http://127.0.0.1:5000`."""
        if self.kind is TargetKind.ENDPOINT:
            return f"{self.kind.value} {self.endpoint}"
        return str(self.kind.value)


def resolve_target(
    name: str | None,
    *,
    environ: Mapping[str, str],
    endpoint_url: str | None = None,
    profile: str | None = None,
) -> Target:
    """Return the target that a command line names; without a name the embedded AWS.

    AWS_ENDPOINT_URL alone never switches the target. Raises UsageError for a combination that could
    send requests elsewhere than the person means.
    """
    kind = _kind(name)
    if endpoint_url is not None and kind is not TargetKind.ENDPOINT:
        raise UsageError(
            f"--endpoint-url {endpoint_url!r} belongs to --target endpoint, and the target is {kind.value!r}."
        )
    if kind is TargetKind.AWS:
        _refuse_redirection(environ)
        return Target(kind=kind, profile=profile)
    if profile is not None and kind is TargetKind.EMBEDDED:
        raise UsageError(f"--profile {profile!r} belongs to a target with credentials; embedded has its own.")
    if kind is TargetKind.EMBEDDED:
        return Target(kind=kind)
    return Target(kind=kind, endpoint=_endpoint(endpoint_url, environ), profile=profile)


def _kind(name: str | None) -> TargetKind:
    try:
        return TargetKind.EMBEDDED if name is None else TargetKind(name)
    except ValueError:
        known = ", ".join(each.value for each in TargetKind)
        raise UsageError(f"no target {name!r}. There are: {known}.") from None


def _refuse_redirection(environ: Mapping[str, str]) -> None:
    # boto3 also reads AWS_ENDPOINT_URL_DYNAMODB and so on
    for variable, value in environ.items():
        if variable.startswith(ENDPOINT_VARIABLE) and value:
            raise UsageError(
                f"--target aws, but {variable} is {value!r}. Unset it to mean the real AWS, "
                "or say --target endpoint to mean that address."
            )


def _endpoint(given: str | None, environ: Mapping[str, str]) -> str:
    url = given or environ.get(ENDPOINT_VARIABLE)
    if not url:
        raise UsageError(
            "--target endpoint needs an address: --endpoint-url URL, or AWS_ENDPOINT_URL as "
            "`qa serve` prints it."
        )
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            f"{url!r} is not an endpoint: expected an http or https URL, e.g. http://127.0.0.1:5000."
        )
    if given is None and not _is_loopback(url):
        raise UsageError(
            f"AWS_ENDPOINT_URL {url!r} is not on this machine. To mean it, say --endpoint-url {url}."
        )
    return url.rstrip("/")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
