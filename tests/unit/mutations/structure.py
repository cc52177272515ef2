"""Mutations for checks 1-10: structure and parameters."""

from __future__ import annotations

from .change import Mutation, drop, mutation, put, together

SERVER = {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-1"}}

STRUCTURE: tuple[Mutation, ...] = (
    *mutation(
        "test_the_template_is_json_without_duplicate_keys",
        "a logical ID stands twice",
        lambda text: text.replace('"PrimarySNSTopic": {', '"PrimaryKMSKey": {', 1),
    ),
    *mutation(
        "test_the_template_is_json_without_duplicate_keys",
        "a bracket is missing",
        lambda text: text.rstrip("}\n"),
    ),
    *mutation("test_the_template_has_known_sections_and_the_format_version", "a section Foo", put("Foo", {})),
    *mutation(
        "test_the_template_has_known_sections_and_the_format_version",
        "another format version",
        put("AWSTemplateFormatVersion", "2010-09-10"),
    ),
    *mutation(
        "test_the_template_keeps_within_cloudformations_limits",
        "3,000 bytes more",
        lambda text: text + " " * 3000,
    ),
    *mutation(
        "test_the_template_keeps_within_cloudformations_limits",
        "201 parameters",
        together(*(put(f"Parameters/P{number}", {"Type": "String"}) for number in range(201))),
    ),
    *mutation(
        "test_every_resource_type_is_one_of_the_design", "an EC2 instance", put("Resources/Server", SERVER)
    ),
    *mutation(
        "test_every_reference_has_a_target_and_the_attribute_exists",
        "GetAtt of TableArn",
        put("Outputs/TransactionsTableArn/Value/Fn::GetAtt/1", "TableArn"),
    ),
    *mutation(
        "test_every_reference_has_a_target_and_the_attribute_exists",
        "Sub of a resource that is not there",
        put("Resources/PrimarySNSTopic/Properties/DisplayName", {"Fn::Sub": "${Tpoic}"}),
    ),
    *mutation(
        "test_a_suffix_is_safe_inside_a_bucket_name",
        "capitals allowed",
        put("Parameters/EnvironmentSuffix/AllowedPattern", "^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$"),
    ),
    *mutation(
        "test_a_suffix_is_safe_inside_a_bucket_name",
        "any length allowed",
        drop("Parameters/EnvironmentSuffix/MaxLength"),
    ),
    *mutation(
        "test_the_regions_default_to_virginia_and_oregon",
        "the two swapped",
        together(
            put("Parameters/PrimaryRegion/Default", "us-west-2"),
            put("Parameters/SecondaryRegion/Default", "us-east-1"),
        ),
    ),
    *mutation(
        "test_only_names_of_regions_pass_as_regions",
        "no pattern for the primary",
        drop("Parameters/PrimaryRegion/AllowedPattern"),
    ),
    *mutation(
        "test_only_names_of_regions_pass_as_regions",
        "no pattern for the secondary",
        drop("Parameters/SecondaryRegion/AllowedPattern"),
    ),
    *mutation(
        "test_every_parameter_is_used", "one that nothing uses", put("Parameters/Colour", {"Type": "String"})
    ),
    *mutation(
        "test_no_secret_is_a_readable_parameter",
        "a readable password",
        put("Parameters/DatabasePassword", {"Type": "String"}),
    ),
    *mutation(
        "test_no_secret_is_a_readable_parameter",
        "a token with a default",
        put("Parameters/ApiToken", {"Type": "String", "NoEcho": True, "Default": "t"}),
    ),
)
