"""Reading a refusal as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable


def refusal(call: Callable[[], object]) -> tuple[int, str, str]:
    """Return the HTTP status, the code and the words with which a call is refused."""
    with pytest.raises(ClientError) as refused:
        call()
    body = refused.value.response
    return (
        body["ResponseMetadata"]["HTTPStatusCode"],
        body["Error"].get("Code", ""),
        body["Error"].get("Message", ""),
    )
