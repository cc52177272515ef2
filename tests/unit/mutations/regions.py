"""Mutations for checks 11-16: which region gets what."""

from __future__ import annotations

from .change import Mutation, drop, either_side, mutation, put

DECIDE = "test_the_regions_parameters_decide_and_a_third_region_is_refused"
IN_EAST = "test_east_holds_the_table_and_its_13_other_resources"
IN_WEST = "test_west_holds_its_13_resources_and_none_of_easts"

REGIONS: tuple[Mutation, ...] = (
    *mutation(DECIDE, "a hard-coded region", put("Conditions/IsPrimary/Fn::Equals/1", "us-east-1")),
    *mutation(
        DECIDE,
        "IsSecondary without Not IsPrimary",
        put("Conditions/IsSecondary", {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "SecondaryRegion"}]}),
    ),
    *mutation(DECIDE, "no rule against a third region", drop("Rules/StackIsInOneOfTheTwo")),
    *mutation(DECIDE, "no rule against one region as both", drop("Rules/RegionsDiffer")),
    *mutation(DECIDE, "no rule against West without the key", drop("Rules/SecondaryKnowsThePrimaryKey")),
    *mutation(IN_EAST, "the table in West", put("Resources/TransactionsTable/Condition", "IsSecondary")),
    *mutation(IN_EAST, "a policy gone", drop("Resources/PrimaryDocumentsBucketPolicy")),
    *mutation(IN_WEST, "the table everywhere", drop("Resources/TransactionsTable/Condition")),
    *mutation(IN_WEST, "a policy gone", drop("Resources/SecondaryDocumentsBucketPolicy")),
    *either_side(
        "test_every_resource_but_the_table_has_its_twin_in_the_other_region",
        "a bucket policy gone",
        lambda own, _: drop(f"Resources/{own}DocumentsBucketPolicy"),
    ),
    *either_side(
        "test_nothing_refers_to_a_resource_of_the_other_region",
        "an output without its condition",
        lambda own, _: drop(f"Outputs/{own}SNSTopicArn/Condition"),
    ),
    *either_side(
        "test_nothing_refers_to_a_resource_of_the_other_region",
        "an alarm on the other region's topic",
        lambda own, other: put(
            f"Resources/LambdaErrorAlarm{own}/Properties/AlarmActions", [{"Ref": f"{other}SNSTopic"}]
        ),
    ),
    *mutation(
        "test_no_region_and_no_account_is_written_out",
        "a region in an ARN",
        put("Resources/PrimarySNSTopic/Properties/DisplayName", "alarms of us-east-1"),
    ),
    *mutation(
        "test_no_region_and_no_account_is_written_out",
        "an account in an ARN",
        put("Outputs/Owner", {"Value": "arn:aws:iam::210987654321:root"}),
    ),
)
