"""Where a bucket's replication leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.knowledge.naming import BUCKET, get_nested, resolve_resource

if TYPE_CHECKING:
    from qa.checks.context import Context
    from qa.checks.knowledge.naming import Meant
    from qa.checks.regional import RegionalStack


def destination(rule: dict[str, Any], stack: RegionalStack, context: Context) -> Meant | None:
    """Return the bucket that a replication rule of a stack names; None if the template does not make it."""
    found = resolve_resource(get_nested(rule, "Destination", "Bucket"), stack, context.stacks)
    return found if found and found.resource.type == BUCKET else None
