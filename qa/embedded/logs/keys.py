"""The key of a log group: it is there, can be used, and its policy lets CloudWatch Logs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from qa.embedded.kms import KmsRefusalError, use_key
from qa.embedded.patches import Patch, operation
from qa.embedded.world import Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.logs.models import LogGroup

    from qa.embedded.world import World

USES = ("kms:GenerateDataKey", "kms:Decrypt")


class KeyRefusedError(JsonRESTError):
    """The key of a log group cannot be used by the service."""

    code = 400

    def __init__(self, group_arn: str) -> None:
        super().__init__(
            "AccessDeniedException",
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{group_arn}'",
        )

    def __str__(self) -> str:
        return str(self.message)


def require_key(world: World, region: str, name: str, key: str | None) -> None:
    """Raise KeyRefusedError unless CloudWatch Logs may keep a group's events under a key; None is none."""
    if not key:
        return
    service = f"logs.{region}.amazonaws.com"
    arn = f"arn:aws:logs:{region}:{world.account_id}:log-group:{name}"
    try:
        for action in USES:
            use_key(
                world,
                action=action,
                region=region,
                key=key,
                caller=Caller(service=service),
                via_service=service,
                encryption_context={"aws:logs:arn": arn},
            )
    except KmsRefusalError as refusal:
        raise KeyRefusedError(arn) from refusal


def _create_log_group(original: Callable[..., LogGroup], world: World) -> Callable[..., LogGroup]:
    def create_log_group(self: LogsBackend, log_group_name: str, tags: Any, **kwargs: Any) -> LogGroup:
        require_key(world, self.region_name, log_group_name, kwargs.get("kmsKeyId"))
        return original(self, log_group_name, tags, **kwargs)

    return create_log_group


def _associate(response: LogsResponse, world: World) -> str:
    group = _group(response)
    key = str(response._get_param("kmsKeyId"))
    require_key(world, response.region, group.name, key)
    group.kms_key_id = key
    return ""


def _disassociate(response: LogsResponse, _: World) -> str:
    _group(response).kms_key_id = None
    return ""


def _group(response: LogsResponse) -> LogGroup:
    name = response._get_param("logGroupName")
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException
    return response.logs_backend.groups[name]


PATCHES = (
    operation(LogsResponse, "associate_kms_key", _associate, is_added=True),
    operation(LogsResponse, "disassociate_kms_key", _disassociate, is_added=True),
    Patch(
        owner=LogsBackend,
        name="create_log_group",
        parameters="self, log_group_name, tags, kwargs",
        around=_create_log_group,
    ),
)
