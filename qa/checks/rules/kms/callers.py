"""Keys whose policy does not let in the roles that use them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.access import holds, is_like, text_of
from qa.checks.knowledge.kms_use import code_uses, replication_uses
from qa.checks.knowledge.naming import (
    physical_name,
)
from qa.checks.knowledge.rights import role_meant, statements
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.kms_use import Use
    from qa.checks.knowledge.rights import Statement

_KEY_POLICY = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"


@rule("key-shuts-out", severity=Severity.ERROR, source=_KEY_POLICY)
def key_shuts_out(context: Context) -> Iterator[Fault]:
    """A key policy that lets in neither the account nor the role that uses the key.

    Rights in IAM count only where the key policy hands them to the account (the root statement, or one
    for everybody bounded to the account). Otherwise the policy itself must name the role; every call is
    refused else, whatever the role's policies say.
    """
    seen: set[tuple[str, str, str]] = set()
    for use in (*code_uses(context), *replication_uses(context)):
        key = use.key
        policy = statements(key.properties.get("KeyPolicy")) if key else None
        if key is None or policy is None or any(_admits(one, use) for one in policy):
            continue
        place = (use.stack.region, key.logical_id, use.user.logical_id)
        if place not in seen:
            seen.add(place)
            yield Fault(
                path=use.stack.path_of(key.logical_id, "KeyPolicy"),
                region=use.stack.region,
                message=f"The policy lets in neither the account nor {use.role.logical_id}, with which "
                f"{use.user.logical_id} needs {use.request.action}",
                actual=sorted({str(who) for one in policy for who in (*one.aws, *one.services)}),
                expected=f"an Allow of {use.request.action} for the account's root, or for the role",
                fix="add the root statement: kms:* for arn:…:iam::<account>:root",
            )


def _admits(statement: Statement, use: Use) -> bool:
    """Say whether a key policy's statement may let a call in, by itself or by handing over to IAM."""
    if not statement.is_allow:
        return False
    if statement.is_readable and not statement.names(use.request.action):
        return False
    if holds(statement.conditions, use.request.keys, use.stack) is False:
        return False
    return statement.is_by_exception or any(_may_be(who, use) for who in statement.aws)


def _may_be(who: object, use: Use) -> bool:
    text = text_of(who, use.stack) or ""
    if text == "*" or text.endswith(":root") or text.isdecimal():
        return True
    found = role_meant(who, use.stack)
    if found is not None:
        return found is use.role
    name = physical_name(use.role)
    if name is None:  # CloudFormation makes one that nobody can write out
        return re.search(r"[*?]|\$\{", text) is not None
    return is_like(text, f"arn:*:role/{name}") is not False
