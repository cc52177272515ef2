"""What is not modelled is refused by name, in each service's own protocol, and never retried."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.iam.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from tests.harness.embedded.iam.serving import Served

    Clients: TypeAlias = Callable[[str], Any]

KEY = [{"AttributeName": "id", "KeyType": "HASH"}]
ID = [{"AttributeName": "id", "AttributeType": "S"}]
BODY = {"Bucket": "documents", "Key": "a", "Body": b"x"}


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "words"),
    [
        ("dynamodb", "list_backups", {}, "dynamodb:ListBackups (backups and restores of tables)"),
        (
            "lambda",
            "put_provisioned_concurrency_config",
            {"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 1},
            "lambda:PutProvisionedConcurrencyConfig (provisioned concurrency)",
        ),
        ("kms", "describe_custom_key_stores", {}, "kms:DescribeCustomKeyStores (custom key stores)"),
        (
            "cloudwatch",
            "put_composite_alarm",
            {"AlarmName": "a", "AlarmRule": "ALARM(b)"},
            "cloudwatch:PutCompositeAlarm (composite alarms)",
        ),
        ("sns", "get_sms_attributes", {}, "sns:GetSMSAttributes (text messages)"),
        (
            "sqs",
            "list_message_move_tasks",
            {"SourceArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
            "sqs:ListMessageMoveTasks (moving messages back from a dead-letter queue)",
        ),
        ("iam", "list_saml_providers", {}, "iam:ListSAMLProviders (identity providers)"),
        (
            "sts",
            "get_session_token",
            {},
            "sts:GetSessionToken (credentials without a role; take AssumeRole or an access key of a user)",
        ),
        ("logs", "describe_queries", {}, "logs:DescribeQueries (Logs Insights)"),
        (
            "s3",
            "put_bucket_lifecycle_configuration",
            {
                "Bucket": "documents",
                "LifecycleConfiguration": {
                    "Rules": [{"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}]
                },
            },
            "s3:PutBucketLifecycleConfiguration (life cycles: no object ever expires or moves)",
        ),
        ("ec2", "describe_instances", {}, "the service ec2:DescribeInstances"),
        ("secretsmanager", "list_secrets", {}, "the service secretsmanager:ListSecrets"),
        ("route53", "list_hosted_zones", {}, "the service route53"),
        ("apigateway", "get_rest_apis", {}, "the service apigateway"),
    ],
    ids=lambda part: part if isinstance(part, str) and " " not in part else "",
)
def test_an_operation_that_is_not_modelled_is_refused_by_name(
    service: str, operation: str, arguments: dict[str, Any], words: str, client: Clients
) -> None:
    reported = refusal(lambda: getattr(client(service), operation)(**arguments))

    assert reported == (501, "NotImplemented", f"the embedded AWS does not model {words}")


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "words"),
    [
        (
            "dynamodb",
            "create_table",
            {
                "TableName": "orders",
                "KeySchema": KEY,
                "AttributeDefinitions": ID,
                "BillingMode": "PAY_PER_REQUEST",
                "WarmThroughput": {"ReadUnitsPerSecond": 12000},
            },
            "WarmThroughput of dynamodb:CreateTable as requested (capacity is never warmed)",
        ),
        (
            "dynamodb",
            "batch_get_item",
            {"RequestItems": {"orders": {"Keys": [{"id": {"S": "1"}}], "AttributesToGet": ["id"]}}},
            "RequestItems.*.AttributesToGet of dynamodb:BatchGetItem as requested (use ProjectionExpression)",
        ),
        (
            "lambda",
            "invoke",
            {"FunctionName": "f", "TenantId": "blue"},
            "TenantId of lambda:Invoke as requested (functions are not divided by tenants)",
        ),
        (
            "kms",
            "create_key",
            {"Origin": "EXTERNAL"},
            "Origin of kms:CreateKey as requested (key material comes from KMS)",
        ),
        (
            "s3",
            "put_object",
            {**BODY, "ObjectLockLegalHoldStatus": "ON"},
            "ObjectLockLegalHoldStatus of s3:PutObject as requested (objects are never locked)",
        ),
        (
            "s3",
            "put_object",
            {**BODY, "StorageClass": "GLACIER"},
            "StorageClass of s3:PutObject as requested (objects are read at once)",
        ),
        (
            "s3",
            "put_bucket_versioning",
            {
                "Bucket": "documents",
                "MFA": "device 123456",
                "VersioningConfiguration": {"Status": "Enabled", "MFADelete": "Enabled"},
            },
            "MFA of s3:PutBucketVersioning as requested (MFA)",
        ),
        (
            "sns",
            "subscribe",
            {
                "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
                "Protocol": "sms",
                "Endpoint": "+4930123456",
            },
            "Protocol of sns:Subscribe as requested (nobody is reached that way)",
        ),
        (
            "logs",
            "filter_log_events",
            {"logGroupName": "g", "filterPattern": '{ $.level = "error" }'},
            (
                "filterPattern of logs:FilterLogEvents as requested "
                "(one quoted term or plain words are understood)"
            ),
        ),
        (
            "iam",
            "create_user",
            {"UserName": "u", "PermissionsBoundary": "arn:aws:iam::123456789012:policy/p"},
            "PermissionsBoundary of iam:CreateUser as requested (permissions boundaries of users)",
        ),
    ],
    ids=lambda part: part if isinstance(part, str) and " " not in part else "",
)
def test_a_parameter_that_would_have_no_effect_is_refused_by_name(
    service: str, operation: str, arguments: dict[str, Any], words: str, client: Clients
) -> None:
    reported = refusal(lambda: getattr(client(service), operation)(**arguments))

    assert reported == (501, "NotImplemented", f"the embedded AWS does not model {words}")


def test_a_request_with_parameters_that_were_looked_at_arrives_whole(client: Clients) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="documents")
    s3.put_object(**BODY, StorageClass="STANDARD_IA", ExpectedBucketOwner="123456789012")
    client("logs").create_log_group(logGroupName="g", tags={"team": "blue"})

    assert s3.get_object(Bucket="documents", Key="a")["Body"].read() == b"x"
    assert [each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]] == ["g"]


def test_what_cannot_be_put_is_told_as_absent(client: Clients) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="documents")

    response = refusal(lambda: s3.get_bucket_lifecycle_configuration(Bucket="documents"))

    assert response == (404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")


def test_there_are_no_credentials_of_an_instance(account: Served) -> None:
    url = f"{account.world.endpoint}/latest/meta-data/iam/security-credentials/"

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)  # noqa: S310 - our own server's URL
    with refused.value as answer:
        assert (answer.code, "the metadata service of instances" in answer.read().decode()) == (501, True)


def test_a_browser_s_upload_form_is_refused_by_name(account: Served) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n--b--\r\n'
    request = urllib.request.Request(  # noqa: S310 - as above
        f"{account.world.endpoint}/documents",
        data=form,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310 - as above
    with refused.value as answer:
        assert (answer.code, "s3:PostObject (uploads by a browser" in answer.read().decode()) == (501, True)
