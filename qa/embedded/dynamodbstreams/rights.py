"""DynamoDB Streams: rights on streams are not modelled, so all but the administrator are refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.judge.errors import NotModelledError
from qa.embedded.service.rights import each

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import Call, Need, Needs


def _not_modelled(call: Call) -> Iterable[Need]:
    raise NotModelledError(f"authorization of {call.service}:{call.operation}")


RIGHTS: dict[str, Needs] = each("DescribeStream GetRecords GetShardIterator ListStreams", _not_modelled)
