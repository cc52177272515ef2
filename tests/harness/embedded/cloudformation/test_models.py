"""The resource types of this package: what a stack makes of their properties, and takes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .templates import group, policy, role, template, topic

if TYPE_CHECKING:
    from .conftest import Aws

ACCOUNT = "123456789012"
TOPIC_ARN = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def attributes_of_queue(aws: Aws, name: str) -> dict[str, str]:
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return found


def test_a_topic_gets_its_key_its_name_to_show_and_its_subscriptions(aws: Aws) -> None:
    subscription = {"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Inbox", "Arn"]}}
    aws.create(
        template(
            {
                "Inbox": queue(QueueName="inbox"),
                "T": topic(
                    TopicName="alerts",
                    DisplayName="Alerts",
                    KmsMasterKeyId="alias/aws/sns",
                    Subscription=[subscription],
                ),
            }
        )
    )

    sns = aws.client("sns")
    found = sns.get_topic_attributes(TopicArn=TOPIC_ARN)["Attributes"]
    assert (found["DisplayName"], found["KmsMasterKeyId"]) == ("Alerts", "alias/aws/sns")
    assert [
        (one["Protocol"], one["Endpoint"])
        for one in sns.list_subscriptions_by_topic(TopicArn=TOPIC_ARN)["Subscriptions"]
    ] == [("sqs", f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox")]


def test_a_subscription_that_leaves_the_topic_s_list_is_ended_and_that_of_others_stays(aws: Aws) -> None:
    def body(*names: str) -> dict[str, Any]:
        listed = [{"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": [name, "Arn"]}} for name in names]
        queues = {"First": queue(QueueName="first"), "Second": queue(QueueName="second")}
        return template({**queues, "T": topic(TopicName="alerts", Subscription=listed)})

    aws.create(body("First"))
    sns = aws.client("sns")
    sns.subscribe(TopicArn=TOPIC_ARN, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:other")

    aws.update(body("Second"))

    found = sns.list_subscriptions_by_topic(TopicArn=TOPIC_ARN)["Subscriptions"]
    assert sorted(one["Endpoint"].rpartition(":")[2] for one in found) == ["other", "second"]


def test_a_topic_policy_gives_way_to_the_default_one(aws: Aws) -> None:
    resources = {"T": topic(TopicName="alerts")}
    own = {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [{"Ref": "T"}], "PolicyDocument": policy("sns:Publish")},
    }

    def policy_now() -> Any:
        found = aws.client("sns").get_topic_attributes(TopicArn=TOPIC_ARN)
        return json.loads(found["Attributes"]["Policy"])

    aws.create(template({**resources, "P": own}))
    with_own = policy_now()
    aws.update(template(resources))

    assert with_own == policy("sns:Publish")
    assert policy_now()["Id"] == "__default_policy_ID"


def test_a_subscription_delivers_until_its_stack_is_deleted(aws: Aws) -> None:
    subscription = {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
            "TopicArn": {"Ref": "T"},
            "Protocol": "sqs",
            "Endpoint": {"Fn::GetAtt": ["Inbox", "Arn"]},
            "RawMessageDelivery": True,
        },
    }
    from_sns = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    allowed = {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Inbox"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [from_sns]},
        },
    }
    inbox = {"Inbox": queue(QueueName="inbox"), "Allowed": allowed}
    aws.create(template({"T": topic(TopicName="alerts"), "S": subscription, **inbox}))
    aws.client("sns").publish(TopicArn=TOPIC_ARN, Message="hello")

    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName="inbox")["QueueUrl"]
    received = [one["Body"] for one in sqs.receive_message(QueueUrl=url)["Messages"]]
    aws.client("cloudformation").delete_stack(StackName="demo")

    assert received == ["hello"]
    assert aws.client("sns").list_subscriptions()["Subscriptions"] == []


def test_a_queue_is_changed_in_place_and_back_to_its_defaults(aws: Aws) -> None:
    aws.create(template({"Q": queue(QueueName="q", VisibilityTimeout=60, Tags=[{"Key": "a", "Value": "b"}])}))
    aws.client("sqs").send_message(
        QueueUrl=aws.client("sqs").get_queue_url(QueueName="q")["QueueUrl"], MessageBody="kept"
    )
    before = attributes_of_queue(aws, "q")

    aws.update(template({"Q": queue(QueueName="q", DelaySeconds=5)}))

    after = attributes_of_queue(aws, "q")
    assert before["VisibilityTimeout"] == "60"
    assert (after["VisibilityTimeout"], after["DelaySeconds"]) == ("30", "5")
    assert after["ApproximateNumberOfMessages"] == "1"


def test_a_queue_says_how_it_is_encrypted(aws: Aws) -> None:
    aws.create(
        template(
            {
                "Plain": queue(QueueName="plain", SqsManagedSseEnabled=False),
                "Keyed": queue(
                    QueueName="keyed", KmsMasterKeyId="alias/aws/sqs", KmsDataKeyReusePeriodSeconds=60
                ),
            }
        )
    )

    plain, keyed = attributes_of_queue(aws, "plain"), attributes_of_queue(aws, "keyed")
    assert plain["SqsManagedSseEnabled"] == "false"
    assert (keyed["KmsMasterKeyId"], keyed["KmsDataKeyReusePeriodSeconds"]) == ("alias/aws/sqs", "60")


def test_the_metadata_of_cdk_makes_nothing(aws: Aws) -> None:
    metadata = {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:H4sIAAAA"}}

    stack = aws.create(template({"CDKMetadata": metadata}))
    aws.client("cloudformation").delete_stack(StackName="demo")

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert aws.events(stack["StackId"])[-1] == ("demo", "DELETE_COMPLETE", None)


def test_a_property_that_is_told_back_can_be_referred_to(aws: Aws) -> None:
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": "documents", "VersioningConfiguration": {"Status": "Enabled"}},
    }
    stack = aws.create(
        template(
            {"B": bucket, "T": topic(DisplayName="shown", TopicName="alerts")},
            Outputs={
                "Shown": {"Value": {"Fn::GetAtt": ["T", "DisplayName"]}},
                "Status": {"Value": {"Fn::GetAtt": ["B", "VersioningConfiguration.Status"]}},
            },
        )
    )

    assert {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]} == {
        "Shown": "shown",
        "Status": "Enabled",
    }


def test_a_queue_policy_is_put_and_taken(aws: Aws) -> None:
    resources = {"Q": queue(QueueName="q")}
    own = {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {"Queues": [{"Ref": "Q"}], "PolicyDocument": policy("sqs:SendMessage")},
    }
    aws.create(template({**resources, "P": own}))
    with_own = attributes_of_queue(aws, "q")

    aws.update(template(resources))

    assert json.loads(with_own["Policy"]) == policy("sqs:SendMessage")
    assert "Policy" not in attributes_of_queue(aws, "q")


def test_a_log_group_is_changed_in_place_and_keeps_its_streams(aws: Aws) -> None:
    aws.create(template({"G": group(LogGroupName="g", RetentionInDays=7)}))
    logs = aws.client("logs")
    logs.create_log_stream(logGroupName="g", logStreamName="s")

    aws.update(template({"G": group(LogGroupName="g", Tags=[{"Key": "team", "Value": "payments"}])}))

    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:g"
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "payments"}
    assert [one["logStreamName"] for one in logs.describe_log_streams(logGroupName="g")["logStreams"]] == [
        "s"
    ]


def test_an_inline_policy_goes_to_those_whom_the_template_names(aws: Aws) -> None:
    def body(holder: str, action: str) -> dict[str, Any]:
        own = {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "p",
                "PolicyDocument": policy(action),
                "Roles": [{"Ref": holder}],
            },
        }
        return template({"A": role(RoleName="a"), "B": role(RoleName="b"), "P": own})

    aws.create(body("A", "s3:GetObject"), Capabilities=["CAPABILITY_NAMED_IAM"])
    aws.update(body("B", "sns:Publish"), Capabilities=["CAPABILITY_NAMED_IAM"])

    iam = aws.client("iam")
    assert iam.list_role_policies(RoleName="a")["PolicyNames"] == []
    assert iam.get_role_policy(RoleName="b", PolicyName="p")["PolicyDocument"] == policy("sns:Publish")


def test_a_managed_policy_gets_a_new_version_and_goes_with_the_stack(aws: Aws) -> None:
    def body(action: str) -> dict[str, Any]:
        own = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": policy(action), "Roles": [{"Ref": "A"}]},
        }
        return template({"A": role(), "P": own}, Outputs={"Arn": {"Value": {"Ref": "P"}}})

    aws.create(body("s3:GetObject"), Capabilities=["CAPABILITY_IAM"])
    stack = aws.update(body("sns:Publish"), Capabilities=["CAPABILITY_IAM"])

    iam = aws.client("iam")
    found = iam.get_policy(PolicyArn=stack["Outputs"][0]["OutputValue"])["Policy"]
    aws.client("cloudformation").delete_stack(StackName="demo")
    assert (found["DefaultVersionId"], found["AttachmentCount"]) == ("v2", 1)
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert iam.list_roles()["Roles"] == []


def test_tags_of_the_stack_go_to_its_resources_whose_own_win(aws: Aws) -> None:
    aws.create(
        template({"T": topic(TopicName="alerts", Tags=[{"Key": "a", "Value": "own"}])}),
        Tags=[{"Key": "a", "Value": "stack"}, {"Key": "b", "Value": "stack"}],
    )

    found = aws.client("sns").list_tags_for_resource(ResourceArn=TOPIC_ARN)["Tags"]
    assert sorted((one["Key"], one["Value"]) for one in found) == [("a", "own"), ("b", "stack")]
