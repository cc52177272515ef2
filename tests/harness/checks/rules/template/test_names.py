"""Names: refused, too long one day, or taken in the other region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.checks.rules.design import FUNCTION, WEST, Severity, checked, drop, finding, put, together
from tests.harness.checks.small import body, found, resource

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

ARCHIVE = "Resources/Archive"
LOGS_ELSEWHERE = put(
    f"{FUNCTION}/LoggingConfig", {"LogGroup": {"Ref": "PrimaryTransactionProcessorLogGroup"}}
)


def _bucket(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::S3::Bucket",
        "Condition": "IsPrimary",
        "Properties": {"BucketName": {"Fn::Sub": name}},
    }


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "capitals in a bucket's name": (
        put(ARCHIVE, _bucket("Documents-${EnvironmentSuffix}")),
        (
            finding(
                "physical-name",
                f"{ARCHIVE}/Properties/BucketName",
                message="BucketName is refused: it is not made as such names are",
                actual="Documents-dev",
                expected="3 to 63 lower case letters, digits, inner dots and hyphens",
                fix=("shorten or correct it, or bound the parameter with MaxLength and AllowedPattern"),
            ),
        ),
    ),
    "a name that is too long with the longest suffix": (
        together(
            put(
                f"{FUNCTION}/FunctionName",
                {"Fn::Sub": "transaction-processor-of-the-primary-region-it-is-${EnvironmentSuffix}"},
            ),
            LOGS_ELSEWHERE,
        ),
        (
            finding(
                "physical-name",
                f"{FUNCTION}/FunctionName",
                severity=Severity.WARNING,
                message=(
                    "FunctionName is refused at the longest that the parameters allow: it has 70 characters"
                ),
                actual="transaction-processor-of-the-primary-region-it-is-aaaaaaaaaaaaaaaaaaaa",
                expected="1 to 64 letters, digits, - and _",
                fix=("shorten or correct it, or bound the parameter with MaxLength and AllowedPattern"),
            ),
        ),
    ),
    "a role with the same name in both regions": (
        put(
            "Resources/Operator",
            {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "operator",
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": "ec2.amazonaws.com"},
                                "Action": "sts:AssumeRole",
                            }
                        ],
                    },
                },
            },
        ),
        (
            finding(
                "global-name",
                "Resources/Operator/Properties/RoleName",
                region=WEST,
                message=("The stack of us-east-1 has this name already, and it can be had only once"),
                actual="operator",
                expected="no RoleName, or one with AWS::Region in it",
                fix="remove RoleName: CloudFormation then makes a name",
            ),
        ),
    ),
    "an export of the same name": (
        together(
            put("Outputs/PrimaryRegion/Export", {"Name": "regions"}),
            put("Outputs/SecondaryRegion/Export", {"Name": "regions"}),
        ),
        (
            finding(
                "duplicate-export",
                "Outputs/SecondaryRegion/Export/Name",
                region=None,
                message="The output PrimaryRegion exports this name already",
                actual="regions",
                expected="a name of its own for each export",
                fix="rename one of the two exports",
            ),
        ),
    ),
    "a suffix of capitals in a bucket's name": (
        put("Parameters/EnvironmentSuffix/AllowedPattern", "^[A-Za-z0-9]*$"),
        (
            finding(
                "physical-name",
                "Resources/PrimaryDocumentsBucket/Properties/BucketName",
                severity=Severity.WARNING,
                message=(
                    "BucketName is refused with the capitals that the parameters allow: it is not "
                    "made as such names are"
                ),
                actual="documents-primary-123456789012-A",
                expected="3 to 63 lower case letters, digits, inner dots and hyphens",
                fix=("shorten or correct it, or bound the parameter with MaxLength and AllowedPattern"),
            ),
            finding(
                "physical-name",
                "Resources/SecondaryDocumentsBucket/Properties/BucketName",
                severity=Severity.WARNING,
                region=WEST,
                message=(
                    "BucketName is refused with the capitals that the parameters allow: it is not "
                    "made as such names are"
                ),
                actual="documents-secondary-123456789012-A",
                expected="3 to 63 lower case letters, digits, inner dots and hyphens",
                fix=("shorten or correct it, or bound the parameter with MaxLength and AllowedPattern"),
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a role's name with its region": put(
        "Resources/Operator",
        {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": {"Fn::Sub": "operator-${AWS::Region}"},
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
            },
        },
    ),
    "exports that their conditions keep apart": together(
        put("Outputs/PrimaryStackId/Export", {"Name": "stack"}),
        put("Outputs/SecondaryStackId/Export", {"Name": "stack"}),
    ),
    "a suffix without a bound": together(
        drop("Parameters/EnvironmentSuffix/MaxLength"),
        put(
            f"{FUNCTION}/FunctionName",
            {"Fn::Sub": "transaction-processor-of-the-primary-region-it-is-${EnvironmentSuffix}"},
        ),
        LOGS_ELSEWHERE,
    ),
    "a suffix of capitals, of which no pattern speaks": drop("Parameters/EnvironmentSuffix/AllowedPattern"),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()


def _severities(rule: str, kind: str, name: object, **given: str) -> list[Severity]:
    parameters = {"Name": {"Type": "String", "Default": "OfTheDefault"}}
    key = {"AWS::S3::Bucket": "BucketName", "AWS::IAM::Role": "RoleName"}[kind]
    template = body({"A": resource(kind, **{key: name})}, Parameters=parameters)
    return [each.severity for each in found(rule, template, parameters=given)]


@pytest.mark.parametrize(
    ("name", "given", "severity"),
    [
        ({"Ref": "Name"}, {}, Severity.WARNING),
        ({"Ref": "Name"}, {"Name": "Given"}, Severity.ERROR),
        ({"Fn::Sub": "Literal-${Name}"}, {}, Severity.ERROR),
    ],
    ids=["default", "given", "part of it"],
)
def test_name_that_is_a_default_is_doubted_less(
    name: object, given: dict[str, str], severity: Severity
) -> None:
    assert _severities("physical-name", "AWS::S3::Bucket", name, **given) == [severity]
    assert _severities("global-name", "AWS::IAM::Role", name, **given) == [severity]


def test_dynamic_reference_may_give_each_region_a_name_of_its_own() -> None:
    assert _severities("global-name", "AWS::IAM::Role", "app-{{resolve:ssm:Name:1}}") == []


GLOBAL = [
    ("AWS::CloudWatch::Dashboard", {"DashboardName": "NAME", "DashboardBody": "{}"}),
    ("AWS::CloudFront::Function", {"Name": "NAME", "FunctionCode": ""}),
    ("AWS::CloudFront::OriginAccessControl", {"OriginAccessControlConfig": {"Name": "NAME"}}),
    ("AWS::CloudFront::Distribution", {"DistributionConfig": {"Aliases": ["NAME"]}}),
    ("AWS::Budgets::Budget", {"Budget": {"BudgetName": "NAME"}}),
    ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "NAME", "PolicyDocument": {}}),
]


@pytest.mark.parametrize(("kind", "properties"), GLOBAL, ids=[kind for kind, _ in GLOBAL])
def test_name_of_a_global_service_is_had_once(kind: str, properties: dict[str, Any]) -> None:
    def regions(name: object) -> list[str | None]:
        template = body({"It": resource(kind, **_filled(properties, name))})
        return [one.region for one in found("global-name", template)]

    assert regions("shop") == [WEST]
    assert regions({"Fn::Sub": "shop-${AWS::Region}"}) == []
    assert regions({"Fn::Sub": "shop-${AWS::StackName}"}) == []


def _filled(value: Any, name: object) -> Any:
    if isinstance(value, dict):
        return {key: _filled(member, name) for key, member in value.items()}
    if isinstance(value, list):
        return [_filled(member, name) for member in value]
    return name if value == "NAME" else value
