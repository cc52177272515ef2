"""The resource types of the design and the attributes that Fn::GetAtt reads from each.

From the provider schemas (read-only properties) that cfn-lint 1.58 ships for us-east-1; a schema of
CloudFormation's own would cost more to read than all the checks together take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "AWS::CloudWatch::Alarm": frozenset({"Arn"}),
    "AWS::DynamoDB::GlobalTable": frozenset({"Arn", "StreamArn", "TableId"}),
    "AWS::IAM::Role": frozenset({"Arn", "RoleId"}),
    "AWS::KMS::Alias": frozenset(),
    "AWS::KMS::Key": frozenset({"Arn", "KeyId"}),
    "AWS::KMS::ReplicaKey": frozenset({"Arn", "KeyId"}),
    "AWS::Lambda::Function": frozenset(
        {"Arn", "SnapStartResponse.ApplyOn", "SnapStartResponse.OptimizationStatus"}
    ),
    "AWS::Logs::LogGroup": frozenset({"Arn"}),
    "AWS::S3::Bucket": frozenset(
        {"Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"}
    ),
    "AWS::S3::BucketPolicy": frozenset(),
    "AWS::SNS::Topic": frozenset({"TopicArn", "TopicName"}),
}
