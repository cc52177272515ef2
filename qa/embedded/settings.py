"""What can be set about an embedded AWS when it starts, and while it runs."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT_ID = "123456789012"
ADMIN_ACCESS_KEY_ID = "AKIAQAEMBEDDEDADMIN0"
ADMIN_SECRET_ACCESS_KEY = "qa-embedded-administrator"  # noqa: S105 - opens nothing but this machine's fake


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
    function_environments: int = 16
    """Cap on the Lambda execution environments alive at once, over all functions."""
