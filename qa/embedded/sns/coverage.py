"""SNS: topics and subscriptions as alarms and functions use them."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

TRANSPORTS = ("HTTP", "Firehose", "Lambda", "Application", "SQS")
FEEDBACK = tuple(
    f"{transport}{kind}"
    for transport in TRANSPORTS
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
)
OF_TOPICS = ("ArchivePolicy", "DeliveryPolicy", *FEEDBACK)
OF_SUBSCRIPTIONS = ("DeliveryPolicy", "RedrivePolicy", "ReplayPolicy", "SubscriptionRoleArn")

COVERAGE = coverage(
    "AddPermission ConfirmSubscription CreateTopic DeleteTopic GetSubscriptionAttributes "
    "GetTopicAttributes ListSubscriptions ListSubscriptionsByTopic ListTagsForResource ListTopics Publish "
    "PublishBatch RemovePermission SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource "
    "Unsubscribe UntagResource",
    refused={
        "text messages": (
            "CheckIfPhoneNumberIsOptedOut CreateSMSSandboxPhoneNumber DeleteSMSSandboxPhoneNumber "
            "GetSMSAttributes GetSMSSandboxAccountStatus ListOriginationNumbers ListPhoneNumbersOptedOut "
            "ListSMSSandboxPhoneNumbers OptInPhoneNumber SetSMSAttributes VerifySMSSandboxPhoneNumber"
        ),
        "mobile push": (
            "CreatePlatformApplication CreatePlatformEndpoint DeleteEndpoint DeletePlatformApplication "
            "GetEndpointAttributes GetPlatformApplicationAttributes ListEndpointsByPlatformApplication "
            "ListPlatformApplications SetEndpointAttributes SetPlatformApplicationAttributes"
        ),
        "data protection policies": "GetDataProtectionPolicy PutDataProtectionPolicy",
    },
    parameters={
        "CreateTopic": (
            *unmodelled(
                "kept by AWS, without effect here",
                "DataProtectionPolicy",
                *(f"Attributes.{name}" for name in OF_TOPICS),
            ),
            *unmodelled("traces", "Attributes.TracingConfig", only="PassThrough"),
        ),
        "SetTopicAttributes": unmodelled(
            "without effect here", "AttributeName", never=" ".join((*OF_TOPICS, "TracingConfig"))
        ),
        "Subscribe": (
            *unmodelled("nobody is reached that way", "Protocol", never="sms application firehose"),
            *unmodelled("without effect here", *(f"Attributes.{name}" for name in OF_SUBSCRIPTIONS)),
        ),
        "SetSubscriptionAttributes": unmodelled(
            "without effect here", "AttributeName", never=" ".join(OF_SUBSCRIPTIONS)
        ),
        "Publish": unmodelled("text messages and mobile push", "PhoneNumber", "TargetArn"),
    },
    notes=("Queues and functions get their messages; subscriptions by e-mail and HTTP stay unconfirmed.",),
)
