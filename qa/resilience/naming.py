"""How a ready check is given a thing, and the thing that was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Name = str | Mapping[str, str]
"""A logical ID, stack output, physical name or ARN; or one for each region, by region."""

_ARN = re.compile(r"arn:[^:]+:(?P<service>[^:]+):(?P<region>[^:]*):[^:]*:(?P<rest>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One physical resource in one region; the logical ID is None for what no stack of the run holds."""

    region: str
    physical_id: str
    """As CloudFormation's Ref gives it: a name, an ID, a URL or an ARN."""
    logical_id: str | None = None
    type: str | None = None
    found_by: str = "name"
    """How it was paired with the thing that was named."""

    def __str__(self) -> str:
        """Return the thing as a failure names it, e.g. `OrdersTable (orders-dev) in eu-west-1`."""
        if self.logical_id in {None, self.physical_id}:
            return f"{self.physical_id} in {self.region}"
        return f"{self.logical_id} ({self.physical_id}) in {self.region}"

    @property
    def name(self) -> str:
        """The name without what stands before it in an ARN or a URL; an alias keeps its prefix."""
        return plain_name(self.physical_id)


def plain_name(physical: str) -> str:
    """Return a name out of an ARN; what is no ARN is a name already.

    `…:table/orders` is `orders`, `…:function:api` is `api`, `…:alarm:errors` is `errors`, `…:key/mrk-1` is
    `mrk-1`, `…:::bucket` is `bucket`, `…:alias/data` stays `alias/data`.
    """
    arn = _ARN.fullmatch(physical)
    if arn is None:
        return physical
    rest = arn["rest"]
    if rest.startswith("alias/"):
        return rest
    if arn["service"] in {"lambda", "cloudwatch", "logs"}:
        return rest.split(":")[1] if ":" in rest else rest
    return rest.rpartition("/")[2] if arn["service"] in {"dynamodb", "kms", "iam"} else rest


def region_of(physical: str) -> str | None:
    """Return the region that an ARN names; None for what is no ARN, or one without a region."""
    arn = _ARN.fullmatch(physical)
    return (arn["region"] or None) if arn else None
