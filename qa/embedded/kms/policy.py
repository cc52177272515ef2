"""Which key policies KMS accepts; who is allowed what by them is the iam package's business."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from qa.embedded.judge.statements import principal_exists, principals

from .refusals import malformed_policy

if TYPE_CHECKING:
    from qa.embedded.world import Caller, World

INVALID_PRINCIPAL = "Policy contains a statement with one or more invalid principals."
LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."


def check_policy(world: World, text: str, *, allow_lock_out: bool = False) -> None:
    """Raise MalformedPolicyDocumentException for a policy that KMS would not take.

    It names principals that are not there, or it would keep the caller from ever changing it.
    """
    statements = _statements(text)
    for statement in statements:
        for kind, name in principals(statement):
            if not principal_exists(kind, name, world.account_id, world.identities):
                raise malformed_policy(INVALID_PRINCIPAL)
    if not allow_lock_out and not _can_change(statements, world.account_id, world.authorizer.current()):
        raise malformed_policy(LOCKED_OUT)


def _statements(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except ValueError as wrong:
        raise malformed_policy("This policy contains invalid Json") from wrong
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not all(isinstance(each, dict) for each in statements):
        raise malformed_policy("The policy document has no statements.")
    for statement in statements:
        if not {"Effect", "Action", "Principal"} <= statement.keys() | _negations(statement):
            raise malformed_policy("The policy contains a statement without Effect, Action or Principal.")
    return statements


def _negations(statement: dict[str, Any]) -> set[str]:
    return {name.removeprefix("Not") for name in statement if name.startswith("Not")}


def _can_change(statements: list[dict[str, Any]], account_id: str, caller: Caller) -> bool:
    names = {"*", account_id, f"arn:aws:iam::{account_id}:root", caller.arn, caller.role_arn}
    allows = {
        statement["Effect"]
        for statement in statements
        # a condition might not hold next time: it promises nothing
        if ("Condition" not in statement or statement["Effect"] == "Deny")
        and any(kind == "AWS" and name in names for kind, name in principals(statement))
        and _covers(statement, "kms:PutKeyPolicy")
    }
    return allows == {"Allow"}


def _covers(statement: dict[str, Any], action: str) -> bool:
    actions = statement.get("Action", [])
    return any(
        fnmatchcase(action.lower(), pattern.lower())
        for pattern in ([actions] if isinstance(actions, str) else actions)
    )
