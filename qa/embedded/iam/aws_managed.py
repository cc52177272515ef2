"""AWS's own managed policies: there with their documents as soon as somebody names one, as on AWS.

The documents are those that moto ships. They are read at the first use: most runs need none.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.iam import aws_managed_policies
from moto.iam.exceptions import IAMException
from moto.iam.models import AWSManagedPolicy

from qa.embedded.judge.errors import NotModelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.iam.models import IAMBackend

    from qa.embedded.world import World

_OF_AWS = re.compile(r"arn:[a-z-]+:iam::aws:policy(?P<path>/.*)")


def is_of_aws(arn: str) -> bool:
    """Say whether an ARN is that of a managed policy of AWS."""
    return _OF_AWS.fullmatch(arn) is not None


def refusal_of(arns: object) -> str | None:
    """Return what to say of the first ARN of a policy of AWS that is not known; None if all are."""
    for arn in arns if isinstance(arns, list) else [arns]:
        if isinstance(arn, str) and is_of_aws(arn) and _path(arn) not in known_policies():
            return f"the AWS managed policy {arn}"
    return None


@cache
def known_policies() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return name and what is known of each policy, by path and name as they end its ARN."""
    data: dict[str, dict[str, Any]] = json.loads(aws_managed_policies.aws_managed_policies_data)
    return {f"{policy['Path']}{name}": (name, policy) for name, policy in data.items()}


def provide(backend: IAMBackend, arn: str) -> None:
    """Put a policy of AWS among the account's when it is named for the first time.

    Raises NotModelledError for one of AWS that is not known.
    """
    if not is_of_aws(arn) or arn in backend.managed_policies:
        return
    refused = refusal_of(arn)
    if refused is not None:
        raise NotModelledError(refused)
    name, policy = known_policies()[_path(arn)]
    made = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, dict(policy))
    backend.managed_policies[made.arn] = made


def providing(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    """Return an operation of IAM's on a managed policy, named first, that finds those of AWS."""

    def provided(self: IAMBackend, policy_arn: str, *rest: Any, **named: Any) -> Any:
        try:
            provide(self, policy_arn)
        except NotModelledError as unknown:
            raise IAMException("InvalidInput", str(unknown)) from unknown
        return original(self, policy_arn, *rest, **named)

    return provided


def _path(arn: str) -> str:
    found = _OF_AWS.fullmatch(arn)
    return "" if found is None else found["path"]
