"""Why the policies may name the stack's roles by the stack's name: CloudFormation does not shorten it."""

from __future__ import annotations

from qa.embedded.cloudformation.names import generated_name
from qa.embedded.iam.resources import ROLE


def test_a_role_keeps_its_stacks_whole_name_for_a_suffix_of_fifteen() -> None:
    name = generated_name(
        "AWS::IAM::Role", "TapStack-" + "a" * 15, "SecondaryLambdaExecutionRole", longest=ROLE.limit
    )

    assert name.startswith("TapStack-aaaaaaaaaaaaaaa-")
    assert len(name) <= 64
