"""CloudWatch Logs: rights on log streams; an action on a group counts as on its nameless stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.service.rights import Call, each, on, tagged

if TYPE_CHECKING:
    from qa.embedded.service.rights import Needs


def _group(call: Call) -> str:
    name = str(call.get("logGroupName") or call.get("logGroupIdentifier") or "")
    return name.split(":")[6] if name.startswith("arn:") else name


def _stream(call: Call) -> str:
    # `…:log-group:NAME:*` covers this form, `…:log-group:NAME` does not: as on AWS
    return call.arn(f"log-group:{_group(call)}:log-stream:{call.get('logStreamName') or ''}")


def _tagged(call: Call) -> str:
    return str(call.get("resourceArn") or call.arn(f"log-group:{_group(call)}"))


RIGHTS: dict[str, Needs] = (
    {"CreateLogGroup": tagged(on("logs", _stream), "logs:TagResource", tags="tags")}
    | each(
        "AssociateKmsKey DisassociateKmsKey DeleteLogGroup CreateLogStream DeleteLogStream "
        "PutLogEvents GetLogEvents FilterLogEvents DescribeLogGroups DescribeLogStreams "
        "PutRetentionPolicy DeleteRetentionPolicy "
        "PutMetricFilter DeleteMetricFilter DescribeMetricFilters PutSubscriptionFilter "
        "DeleteSubscriptionFilter DescribeSubscriptionFilters",
        on("logs", _stream),
    )
    | each("TagResource UntagResource ListTagsForResource", on("logs", _tagged))
)
