"""Several servers in one process: moto's classes are shared, judges are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from .refusals import refusal
from .serving import Keys, serving

if TYPE_CHECKING:
    from .serving import Served

STRANGER = Keys(access_key_id="AKIAIOSFODNN7EXAMPLE", secret="x")


def test_each_of_two_servers_has_its_own_judge(aws: Served) -> None:
    with serving() as other:
        other.world.settings.admin_secret_access_key = "another secret"
        theirs = refusal(other.client("sts").get_caller_identity)[1]
        ours = aws.client("sts").get_caller_identity()["Arn"]

    assert (theirs, ours) == ("SignatureDoesNotMatch", "arn:aws:iam::123456789012:user/administrator")


def test_the_first_server_keeps_its_judge_when_the_second_has_closed(aws: Served) -> None:
    with serving():
        pass

    assert refusal(aws.client("sts", STRANGER).get_caller_identity)[1] == "InvalidClientTokenId"


def test_a_server_without_a_world_is_not_judged(aws: Served) -> None:
    scope = f"Credential={STRANGER.access_key_id}/20260101/us-east-1/sts/aws4_request"
    answer = Client(DomainDispatcherApplication(create_backend_app)).post(
        "/",
        data={"Action": "GetCallerIdentity", "Version": "2011-06-15"},
        headers={"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"},
    )

    assert (answer.status_code, "<Arn>arn:aws:sts::123456789012:" in answer.text) == (200, True)
