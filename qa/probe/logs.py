"""Questions to CloudWatch Logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import ask

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


def retention_days(logs: CloudWatchLogsClient, log_group: str) -> int | None:
    """Return after how many days the group's events expire; 0 for never, None for no such group."""
    response = ask(
        f"DescribeLogGroups {log_group!r} in {logs.meta.region_name}",
        lambda: logs.describe_log_groups(logGroupNamePrefix=log_group),
    )
    for group in response["logGroups"]:
        if group.get("logGroupName") == log_group:
            return group.get("retentionInDays", 0)
    return None
