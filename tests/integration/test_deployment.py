"""The deployment itself: finished in both regions, and told truthfully by the outputs file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.probe import cloudformation
from qa.resilience import as_deployed

from .promises import TABLE, outputs_of, resources_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs

    from .sides import Sides

# IAM has no region, and a bucket's ARN has neither region nor account
WITHOUT_REGION = ("iam", "s3")


@pytest.mark.qa_check("D1", "both")
def test_every_promised_output_is_there_and_of_the_right_account_and_region(
    outputs: Outputs,
    sides: Sides,
    account: str,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        side = sides.of(region)
        promised = outputs_of(side.name)
        response = {key: outputs.values.get(key, "") for key in promised}
        assert sorted(key for key, value in response.items() if not value) == [], "outputs missing or empty"
        assert misplaced(response, region=region, account=account) == {}

    in_each_region(check)


def misplaced(described: Mapping[str, str], *, region: str, account: str) -> dict[str, str]:
    """Return the ARNs that do not parse, or are of another account or region."""
    wrong = {}
    for key, value in described.items():
        if not (key.endswith(("Arn", "StackId"))):
            continue
        parts = value.split(":", 5)
        expected = ("" if len(parts) == 6 and parts[2] in WITHOUT_REGION else region, account)
        if len(parts) != 6 or parts[0] != "arn" or tuple(parts[3:5]) != expected:
            wrong[key] = value
    return wrong


test_both_stacks_are_finished_and_the_outputs_file_is_what_they_say_now = as_deployed(check="D2")


@pytest.mark.qa_check("D3", "both")
def test_each_region_holds_exactly_its_own_resources_and_all_are_complete(
    clients: Clients,
    sides: Sides,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        side = sides.of(region)
        resources = cloudformation.stack_resources(clients.cloudformation(region), side["StackId"])
        assert {each.logical_id for each in resources} == resources_of(side.name)
        assert (TABLE in resources_of(side.name)) == (side is sides.primary)
        unfinished = {each.logical_id: each.status for each in resources if not is_complete(each.status)}
        assert unfinished == {}

    in_each_region(check)


def is_complete(status: str) -> bool:
    return status.endswith("_COMPLETE") and not status.startswith(("DELETE", "ROLLBACK"))
