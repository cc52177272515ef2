"""Mutations for checks 70-75: outputs, graph and names."""

from __future__ import annotations

from .change import Mutation, drop, either_side, mutation, put, replace

TOLD = "test_each_stack_tells_every_output_that_is_promised"
MERGED = "test_the_outputs_of_both_stacks_merge_into_one_file"
NAMED = "test_every_name_carries_the_suffix_and_fits"
LEFT = "test_nothing_is_left_behind_when_a_stack_is_deleted"
POLICY = "Resources/{}KMSKey/Properties/KeyPolicy/Statement/1/Principal"
LONG = "documents-of-the-transactions-in-{}-${{AWS::AccountId}}-${{EnvironmentSuffix}}"

WHOLE: tuple[Mutation, ...] = (
    *either_side(
        TOLD,
        "a name where an ARN is expected",
        lambda own, _: put(f"Outputs/{own}LambdaFunctionArn/Value", {"Ref": f"{own}TransactionProcessor"}),
    ),
    *either_side(TOLD, "one missing", lambda own, _: drop(f"Outputs/{own}StackId")),
    *either_side(
        MERGED, "an output without its condition", lambda own, _: drop(f"Outputs/{own}KMSKeyArn/Condition")
    ),
    *mutation(MERGED, "one key with two values", put("Outputs/Region", {"Value": {"Ref": "AWS::Region"}})),
    *mutation(MERGED, "an export", put("Outputs/PrimaryRegion/Export", {"Name": "primary-region"})),
    *either_side(
        "test_no_resource_needs_itself",
        "the key names the role that names the key",
        lambda own, _: put(POLICY.format(own), {"AWS": {"Fn::GetAtt": [f"{own}LambdaExecutionRole", "Arn"]}}),
    ),
    *either_side(
        "test_key_policies_refer_to_no_resource_of_the_stack",
        "Sub of a role",
        lambda own, _: put(
            POLICY.format(own),
            {"AWS": {"Fn::Sub": f"arn:aws:iam::${{AWS::AccountId}}:role/${{{own}ReplicationRole}}"}},
        ),
    ),
    *either_side(
        NAMED,
        "an alarm without the suffix",
        lambda own, _: replace(
            f"Resources/LambdaErrorAlarm{own}/Properties/AlarmName/Fn::Sub", "-${EnvironmentSuffix}", ""
        ),
    ),
    *either_side(
        NAMED,
        "a bucket without the account",
        lambda own, _: replace(
            f"Resources/{own}DocumentsBucket/Properties/BucketName/Fn::Sub", "-${AWS::AccountId}", ""
        ),
    ),
    *either_side(
        NAMED,
        "a bucket with a long name",
        lambda own, _: put(
            f"Resources/{own}DocumentsBucket/Properties/BucketName", {"Fn::Sub": LONG.format(own.lower())}
        ),
    ),
    *either_side(
        LEFT,
        "a retained bucket",
        lambda own, _: put(f"Resources/{own}DocumentsBucket/DeletionPolicy", "Retain"),
    ),
    *either_side(
        LEFT,
        "a log group's replacement",
        lambda own, _: drop(f"Resources/{own}TransactionProcessorLogGroup/UpdateReplacePolicy"),
    ),
    *mutation(
        LEFT,
        "a protected replica",
        put("Resources/TransactionsTable/Properties/Replicas/0/DeletionProtectionEnabled", value=True),
    ),
)
