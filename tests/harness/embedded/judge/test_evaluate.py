"""IAM's evaluation logic on policies alone."""

from __future__ import annotations

from typing import Any

import pytest

from qa.embedded.judge.conditions import Facts
from qa.embedded.judge.errors import NotModelledError
from qa.embedded.judge.evaluate import Outcome, Policies, Request, Rule, evaluate
from qa.embedded.judge.policy import Policy, parse_policy
from qa.embedded.world import Caller

ACCOUNT = "123456789012"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/worker"
SESSION = Caller(arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/one", role_arn=ROLE_ARN)
USER = Caller(arn=f"arn:aws:iam::{ACCOUNT}:user/ada")
LAMBDA = Caller(service="lambda.amazonaws.com")
NOBODY = Caller()
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/one"
NOTHING_ALLOWS = "because no identity-based policy allows the kms:Decrypt action"
NO_KEY_POLICY = "because no resource-based policy allows the kms:Decrypt action"


def policy(effect: str = "Allow", action: str = "kms:*", **members: Any) -> Policy:
    reported = {"Effect": effect, "Action": action, **({} if "NotResource" in members else {"Resource": "*"})}
    return parse_policy({"Version": "2012-10-17", "Statement": {**reported, **members}}, name="own")


def answer(caller: Caller, policies: Policies) -> tuple[Outcome, str]:
    verdict = evaluate(
        Request(caller=caller, account_id=ACCOUNT, action="kms:Decrypt", resource=KEY, facts=Facts({})),
        policies,
    )
    return verdict.outcome, verdict.reason


def key_policy(*, principal: Any, identity: tuple[Policy, ...] = (), **others: Any) -> Policies:
    resource = policy(Principal=principal)
    return Policies(identity=identity, resource=resource, rule=Rule.RESOURCE_FIRST, **others)


ALLOWED = (Outcome.ALLOWED, "")


def test_nothing_is_allowed_that_no_policy_allows() -> None:
    assert answer(USER, Policies()) == (Outcome.IMPLICIT_DENY, NOTHING_ALLOWS)


def test_an_identity_policy_allows() -> None:
    assert answer(USER, Policies(identity=(policy(),))) == ALLOWED


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        (Policies(identity=(policy(), policy("Deny"))), "an identity-based policy"),
        (
            Policies(identity=(policy(),), resource=policy("Deny", Principal="*")),
            "a resource-based policy",
        ),
        (Policies(identity=(policy(),), boundary=policy("Deny")), "a permissions boundary"),
    ],
    ids=["identity", "resource", "boundary"],
)
def test_an_explicit_deny_wins(policies: Policies, words: str) -> None:
    assert answer(USER, policies) == (Outcome.EXPLICIT_DENY, f"with an explicit deny in {words}")


def test_not_action_and_not_resource_allow_everything_else() -> None:
    others = Policies(identity=(parse_policy(_negative("s3:*", "arn:aws:s3:::*"), name="own"),))
    this = Policies(identity=(parse_policy(_negative("kms:Dec*", "arn:aws:s3:::*"), name="own"),))

    assert [answer(USER, each)[0] for each in (others, this)] == [Outcome.ALLOWED, Outcome.IMPLICIT_DENY]


def _negative(action: str, resource: str) -> dict[str, Any]:
    reported = {"Effect": "Allow", "NotAction": action, "NotResource": resource}
    return {"Version": "2012-10-17", "Statement": [reported]}


@pytest.mark.parametrize(
    ("caller", "principal"),
    [
        (USER, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ada"}),
        (SESSION, {"AWS": ROLE_ARN}),
        (SESSION, {"AWS": [f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/one"]}),
        (LAMBDA, {"Service": "lambda.amazonaws.com"}),
        (NOBODY, "*"),
        (NOBODY, {"AWS": "*"}),
    ],
    ids=["user", "role", "session", "service", "nobody", "nobody by AWS"],
)
def test_a_resource_policy_that_names_the_caller_is_enough(caller: Caller, principal: Any) -> None:
    policies = (
        Policies(resource=policy(Principal=principal)),
        key_policy(principal=principal),
    )

    assert [answer(caller, each) for each in policies] == [ALLOWED, ALLOWED]


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": f"arn:aws:iam::{ACCOUNT}:user/eve"},
        {"AWS": "arn:aws:iam::999999999999:root"},
        {"Service": "s3.amazonaws.com"},
        {"Federated": "accounts.example.com"},
    ],
    ids=["another user", "another account", "a service", "a federation"],
)
def test_a_key_policy_that_names_others_keeps_the_caller_out(principal: Any) -> None:
    policies = key_policy(principal=principal, identity=(policy(),))

    assert answer(USER, policies) == (Outcome.IMPLICIT_DENY, NO_KEY_POLICY)


def test_a_key_policy_that_names_the_account_leaves_it_to_the_identity_policies() -> None:
    without = key_policy(principal=ROOT)
    with_one = key_policy(principal=ROOT, identity=(policy(),))

    assert [answer(USER, each) for each in (without, with_one)] == [
        (Outcome.IMPLICIT_DENY, NOTHING_ALLOWS),
        ALLOWED,
    ]


def test_naming_the_account_elsewhere_allows_nobody_by_itself() -> None:
    assert answer(USER, Policies(resource=policy(Principal=ROOT))) == (Outcome.IMPLICIT_DENY, NOTHING_ALLOWS)


def test_a_key_without_a_policy_is_nobodys() -> None:
    policies = Policies(identity=(policy(),), rule=Rule.RESOURCE_FIRST)

    assert answer(USER, policies) == (Outcome.IMPLICIT_DENY, NO_KEY_POLICY)


def test_a_service_has_no_identity_policies() -> None:
    assert answer(LAMBDA, Policies(resource=policy(Principal=ROOT))) == (Outcome.IMPLICIT_DENY, NO_KEY_POLICY)


def test_a_boundary_limits_what_identity_policies_allow() -> None:
    outside = Policies(identity=(policy(),), boundary=policy(action="s3:*"))
    inside = Policies(identity=(policy(),), boundary=policy(action="kms:Decrypt"))

    assert [answer(SESSION, each) for each in (outside, inside)] == [
        (Outcome.IMPLICIT_DENY, "because no permissions boundary allows the kms:Decrypt action"),
        ALLOWED,
    ]


def test_a_boundary_limits_a_grant_to_the_role_and_not_one_to_its_session() -> None:
    boundary = policy(action="s3:*")
    to_role = key_policy(principal={"AWS": ROLE_ARN}, boundary=boundary)
    to_session = key_policy(principal={"AWS": SESSION.arn}, boundary=boundary)

    assert [answer(SESSION, each)[0] for each in (to_role, to_session)] == [
        Outcome.IMPLICIT_DENY,
        Outcome.ALLOWED,
    ]


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        ([SESSION.arn, ROLE_ARN, f"arn:aws:iam::{ACCOUNT}:root"], Outcome.ALLOWED),
        ([SESSION.arn, ROLE_ARN], Outcome.EXPLICIT_DENY),
        ([f"arn:aws:iam::{ACCOUNT}:root"], Outcome.EXPLICIT_DENY),
    ],
    ids=["session, role and account", "without the account", "the account alone"],
)
def test_not_principal_spares_whom_it_lists_in_all_forms(excluded: list[str], expected: Outcome) -> None:
    denial = policy("Deny", NotPrincipal={"AWS": excluded})

    assert answer(SESSION, Policies(identity=(policy(),), resource=denial))[0] is expected


def test_a_canonical_user_is_refused_by_name() -> None:
    with pytest.raises(NotModelledError) as refused:
        answer(USER, key_policy(principal={"CanonicalUser": "75aa"}))

    assert str(refused.value) == "the embedded AWS does not model the principal CanonicalUser ('75aa')"
