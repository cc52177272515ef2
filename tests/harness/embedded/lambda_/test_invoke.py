"""What Invoke promises its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .functions import Aws


def test_handler_gets_the_event_and_its_result_comes_back(aws: Aws) -> None:
    name = aws.function("exports.handler = async (event) => ({ doubled: event.number * 2 });")

    answer = aws.invoke(name, {"number": 21})

    assert (answer["StatusCode"], answer["ExecutedVersion"], answer["Payload"]) == (
        200,
        "$LATEST",
        {"doubled": 42},
    )
    assert "FunctionError" not in answer
