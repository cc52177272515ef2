"""The deployer and the runner of the pipeline as users of the embedded AWS, with access keys of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from docs.policies.fill import filled
from qa.embedded.settings import ACCOUNT_ID
from qa.stack.clients import Clients
from qa.stack.target import Credentials, Target, TargetKind

if TYPE_CHECKING:
    from qa.stack.project import Regions

EVERY_PIPELINE = "ci-*"
"""The suffix that the pipeline's roles are made for; a deployment takes one of that form."""
POLICY = "pipeline"


def policy(name: str, regions: Regions, *, suffix: str = EVERY_PIPELINE) -> dict[str, Any]:
    """Return one of the documented policies as the pipeline's account would have it."""
    return filled(
        name,
        account=ACCOUNT_ID,
        suffix=suffix,
        primary=regions.primary,
        secondary=regions.secondary,
    )


def user(admin: Clients, name: str, document: dict[str, Any], *, region: str) -> Clients:
    """Return clients of a new user who has exactly this policy."""
    iam = admin.iam(region)
    iam.create_user(UserName=name)
    set_policy(admin, name, document, region=region)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    credentials = Credentials(access_key_id=key["AccessKeyId"], secret_access_key=key["SecretAccessKey"])
    return Clients(Target(kind=TargetKind.ENDPOINT, endpoint=admin.target.endpoint, credentials=credentials))


def set_policy(admin: Clients, name: str, document: dict[str, Any], *, region: str) -> None:
    """Give the user this policy in place of the one before."""
    admin.iam(region).put_user_policy(UserName=name, PolicyName=POLICY, PolicyDocument=json.dumps(document))


def without(document: dict[str, Any], sid: str, action: str) -> dict[str, Any]:
    """Return the policy without one action of one statement."""
    kept = []
    for statement in document["Statement"]:
        actions = [each for each in actions_of(statement) if (statement["Sid"], each) != (sid, action)]
        if actions:
            kept.append({**statement, "Action": actions})
    return {**document, "Statement": kept}


def actions_of(statement: dict[str, Any]) -> list[str]:
    """Return the actions of a statement as a list."""
    reported = statement["Action"]
    return [reported] if isinstance(reported, str) else list(reported)


def rights(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return every (statement ID, action) of a policy, in its order."""
    return [(each["Sid"], action) for each in document["Statement"] for action in actions_of(each)]
