"""What can be set about an embedded AWS when it starts, and while it runs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from .fields import Field, Number

ACCOUNT_ID = "123456789012"
ADMIN_ACCESS_KEY_ID = "AKIAQAEMBEDDEDADMIN0"
ADMIN_SECRET_ACCESS_KEY = secrets.token_urlsafe(30)
"""The administrator's secret of the servers that this process starts; random, so that nobody else has it."""


@dataclass(slots=True, kw_only=True)
class Settings:
    """Settings of one server; all lags and intervals in seconds. Mutable through the control routes."""

    port: int = 0
    """TCP port for 'TLS' requests (aws:SecureTransport true); 0 takes a free one."""
    insecure_port: int = 0
    """TCP port whose requests carry aws:SecureTransport false; 0 takes a free one."""
    table_replication_lag: float = 0.5
    document_replication_lag: float = 1.0
    alarm_interval: float = 60.0
    allowed_origins: tuple[str, ...] = ()
    """Web pages that may send requests and read the answers, e.g. http://localhost:3000."""
    admin_secret_access_key: str = field(default=ADMIN_SECRET_ACCESS_KEY, repr=False)
    """What the administrator signs with, and the bearer token of the control routes."""
    function_environments: int = 16
    """Cap on the Lambda execution environments alive at once, over all functions."""


LAG = Number(least=0, most=86_400)
CHANGEABLE = (
    Field(name="table_replication_lag", type=LAG, summary="the lag of global tables"),
    Field(name="document_replication_lag", type=LAG, summary="the lag of replicated buckets"),
    Field(
        name="alarm_interval",
        type=Number(least=0, most=86_400, is_above=True),
        summary="how often alarms are evaluated",
    ),
    Field(
        name="function_environments",
        type=Number(least=1, most=1_000, unit="environments", is_whole=True),
        summary="the most execution environments of all functions together",
    ),
)
"""The settings that the control routes change while the server runs."""
