"""The only place that makes boto3 clients: one per service and region, all with the same manners."""

from __future__ import annotations

import dataclasses
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import qa
from qa.errors import QaError

from .sealed import sealed_session
from .target import Credentials, Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import boto3
    from botocore.config import Config
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

    from .calls import CallMeter

Client = TypeVar("Client")

ATTEMPTS = 5
"""How often a request is sent at most: throttling, a 5xx or no answer is no verdict on the stack."""
ONE_ATTEMPT = "lambda, one attempt"
"""The clients of Lambda that repeat nothing."""


class Clients:
    """Clients of one target. Safe to use from several threads; clients are made when first needed."""

    def __init__(
        self,
        target: Target,
        *,
        meter: CallMeter | None = None,
        watch: Callable[[boto3.Session], None] | None = None,
    ) -> None:
        self.target = target
        self._meter = meter
        self._watch = watch  # is given each new session, to listen to the events of its clients
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], Any] = {}
        self._sessions: dict[str | None, boto3.Session] = {}  # by the role that is assumed

    def cloudformation(self, region: str) -> CloudFormationClient:
        """Return the client of the region."""
        return self._once("cloudformation", region, lambda s, o: s.client("cloudformation", **o))

    def cloudwatch(self, region: str) -> CloudWatchClient:
        """Return the client of the region."""
        return self._once("cloudwatch", region, lambda s, o: s.client("cloudwatch", **o))

    def dynamodb(self, region: str) -> DynamoDBClient:
        """Return the client of the region."""
        return self._once("dynamodb", region, lambda s, o: s.client("dynamodb", **o))

    def iam(self, region: str) -> IAMClient:
        """Return the client; IAM is global, the region only signs."""
        return self._once("iam", region, lambda s, o: s.client("iam", **o))

    def kms(self, region: str) -> KMSClient:
        """Return the client of the region."""
        return self._once("kms", region, lambda s, o: s.client("kms", **o))

    def lambda_(self, region: str) -> LambdaClient:
        """Return the client of the region. It repeats any request without an answer, Invoke included.

        A repeated Invoke may be a second execution: use it where the function answers a repetition alike,
        and `lambda_once` for any other. An Invoke that timed out is not repeated.
        """
        return self._once("lambda", region, lambda s, o: s.client("lambda", **o))

    def lambda_once(self, region: str) -> LambdaClient:
        """Return a client that sends each request once, for a function that must not run twice."""
        return self._once(ONE_ATTEMPT, region, lambda s, o: s.client("lambda", **o))

    def logs(self, region: str) -> CloudWatchLogsClient:
        """Return the client of the region."""
        return self._once("logs", region, lambda s, o: s.client("logs", **o))

    def s3(self, region: str) -> S3Client:
        """Return the client of the region; its presigned URLs are regional and signed by SigV4."""
        return self._once("s3", region, lambda s, o: s.client("s3", **o))

    def sns(self, region: str) -> SNSClient:
        """Return the client of the region."""
        return self._once("sns", region, lambda s, o: s.client("sns", **o))

    def sqs(self, region: str) -> SQSClient:
        """Return the client of the region."""
        return self._once("sqs", region, lambda s, o: s.client("sqs", **o))

    def ssm(self, region: str) -> SSMClient:
        """Return the Parameter Store client of a region."""
        return self._once("ssm", region, lambda s, o: s.client("ssm", **o))

    def sts(self, region: str) -> STSClient:
        """Return the client of the region's own endpoint."""
        return self._once("sts", region, lambda s, o: s.client("sts", **o))

    def with_frozen_credentials(self) -> Clients:
        """Return new clients whose credentials need no further look-up. Raises QaError without any."""
        with self._lock:
            found = self._get_session().get_credentials()
        if found is None:
            raise QaError(f"no credentials for {self.target.title}. Set AWS_PROFILE or the AWS_… variables.")
        frozen = found.get_frozen_credentials()
        if frozen.access_key is None or frozen.secret_key is None:
            raise QaError(f"the credentials for {self.target.title} are incomplete.")
        return Clients(
            dataclasses.replace(
                self.target,
                credentials=Credentials(
                    access_key_id=frozen.access_key,
                    secret_access_key=frozen.secret_key,
                    session_token=frozen.token,
                ),
            ),
            meter=self._meter,
            watch=self._watch,
        )

    def _once(
        self, service: str, region: str, make: Callable[[boto3.Session, dict[str, Any]], Client]
    ) -> Client:
        with self._lock:  # making clients from one session is not thread-safe, using them is
            client: Client | None = self._made.get((service, region))
            if client is None:
                options = {"region_name": region, "config": client_config(self.target, service)}
                url = endpoint_of(self.target, service, region)
                if url is not None:
                    options["endpoint_url"] = url
                client = self._made[service, region] = make(self._get_session(region), options)
            return client

    def _get_session(self, region: str | None = None) -> boto3.Session:
        """Return the session of a region's role; of the credentials themselves without a region or role."""
        role = None if region is None else self.target.roles.get(region)
        if role not in self._sessions:
            own = self._sessions.get(None)
            if own is None:
                own = self._sessions[None] = self._listened_to(_session(self.target))
            if role is not None and region is not None:
                session = assuming(own, role, region=region, target=self.target)
                self._sessions[role] = self._listened_to(session)
        return self._sessions[role]

    def _listened_to(self, session: boto3.Session) -> boto3.Session:
        if self._meter is not None:
            # each attempt counts: a retry is a request, too
            session.events.register("before-send", _counted_by(self._meter))
        session.events.register("needs-retry.lambda.Invoke", _end_at_timeout)
        if self._watch is not None:
            self._watch(session)
        return session


@contextmanager
def answered_at(clients: Clients) -> Iterator[list[str]]:
    """Collect the Date header of each answer, refusals included, to clients made inside the block."""
    dates: list[str] = []
    session = clients._get_session()

    def note(response_dict: Any = None, **_: object) -> None:
        headers = (response_dict or {}).get("headers", {})
        if "date" in headers:
            dates.append(headers["date"])

    session.events.register("before-parse", note)
    yield dates


def _end_at_timeout(caught_exception: Exception | None = None, **_: object) -> None:
    """Let an Invoke fail that timed out: the function hangs, and would for as long each time."""
    from botocore.exceptions import ReadTimeoutError  # noqa: PLC0415 - as in _session

    if isinstance(caught_exception, ReadTimeoutError):
        raise caught_exception


def _counted_by(meter: CallMeter) -> Callable[..., None]:
    return lambda **_: meter.count()


def _session(target: Target) -> boto3.Session:
    import boto3  # noqa: PLC0415 - 0.2 s that no pytest run without a live check pays

    if target.kind is TargetKind.EMBEDDED and target.endpoint is None:
        raise QaError("the embedded AWS has not been started, so there is nobody to ask.")
    given = target.credentials
    if given is None:
        return boto3.Session(profile_name=target.profile)
    return boto3.Session(
        botocore_session=sealed_session() if target.kind is TargetKind.EMBEDDED else None,
        aws_access_key_id=given.access_key_id,
        aws_secret_access_key=given.secret_access_key,
        aws_session_token=given.session_token,
    )


def assuming(own: boto3.Session, role: str, *, region: str, target: Target) -> boto3.Session:
    """Return a session whose credentials are those of a role, assumed by another session's when needed."""
    import boto3  # noqa: PLC0415 - as in _session
    from botocore.credentials import (  # noqa: PLC0415 - as in _session
        AssumeRoleCredentialFetcher,
        DeferredRefreshableCredentials,
    )
    from botocore.session import Session  # noqa: PLC0415 - as in _session

    source = own.get_credentials()
    if source is None:
        raise QaError(f"no credentials for {target.title}, which were to assume {role}. Set AWS_PROFILE.")
    options: dict[str, Any] = {"region_name": region, "config": client_config(target, "sts")}
    url = endpoint_of(target, "sts", region)
    if url is not None:
        options["endpoint_url"] = url

    def client(service: str, **credentials: Any) -> Any:
        return own._session.create_client(service, **{**credentials, **options})

    fetcher = AssumeRoleCredentialFetcher(
        client, source, role, extra_args={"RoleSessionName": "qa", "DurationSeconds": 3600}
    )
    session = sealed_session() if target.kind is TargetKind.EMBEDDED else Session(profile=target.profile)
    session._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined]  # no public way
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return boto3.Session(botocore_session=session)


def endpoint_of(target: Target, service: str, region: str) -> str | None:
    """Return the URL that a service of a region is reached at; None for boto3's own."""
    own = target.endpoints.get("lambda" if service == ONE_ATTEMPT else service)
    return target.endpoint if own is None else own.replace("{region}", region)


def client_config(target: Target, service: str) -> Config:
    """Return the manners of one service's clients: time limits, retries, addresses."""
    from botocore.config import Config  # noqa: PLC0415 - as in _session

    config = Config(  # type: ignore[call-arg]  # the stubs lack ignore_configured_endpoint_urls
        connect_timeout=5,
        # a function may run 60 s, and a read that times out before that would be taken for a failure
        read_timeout=75 if service in {"lambda", ONE_ATTEMPT} else 20,
        retries={"mode": "standard", "total_max_attempts": 1 if service == ONE_ATTEMPT else ATTEMPTS},
        max_pool_connections=20,
        user_agent_extra=f"qa/{qa.__version__}",
        # AWS_ENDPOINT_URL and the endpoint_url of a profile never switch the target
        ignore_configured_endpoint_urls=True,
    )
    if target.is_local:
        config = config.merge(Config(proxies={}))  # a proxy cannot reach this machine's loopback
    s3: dict[str, object] = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
    if target.endpoint is not None:
        # the address is given, and these settings of a profile or the environment would make it another
        config = config.merge(Config(use_fips_endpoint=False, use_dualstack_endpoint=False))
        s3 |= {"addressing_style": "path", "use_accelerate_endpoint": False, "use_dualstack_endpoint": False}
    if service != "s3":
        return config
    return config.merge(Config(signature_version="s3v4", s3=s3))  # type: ignore[arg-type]  # literals in a dict
