"""Is the deployer's policy minimal? `python -m tests.harness.pipeline.campaign`: minutes, run by hand.

Each action of each statement is taken away in turn; then a deployment or its tear-down must fail. Prints
the actions that nobody missed, and ends with 1 if there are any.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.errors import QaError
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.destroy import destroy
from qa.stack.project_file import load_project
from qa.stack.target import Target, TargetKind

from .callers import policy, rights, set_policy, user, without

if TYPE_CHECKING:
    from qa.stack.project import Deployment, Project


def ask_for_replicas(deployer: Clients, deployment: Deployment, table_name: str) -> None:
    """Do what a tear-down does itself when DynamoDB's rule of 24 hours is in its way."""
    dynamodb = deployer.dynamodb(deployment.regions.primary)
    dynamodb.describe_table(TableName=table_name)
    removal = {"Delete": {"RegionName": deployment.regions.secondary}}
    dynamodb.update_table(TableName=table_name, ReplicaUpdates=[removal])  # type: ignore[list-item]  # a literal


def is_missed(project: Project, deployment: Deployment, deployer: Clients, admin: Clients) -> bool:
    """Say whether the deployer can no longer deploy, put a document aside and tear down."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = Path(folder) / "flat-outputs.json"
            outputs = deploy(project, deployment, deployer, outputs_to=path)
            deploy(project, deployment, deployer, outputs_to=path)  # nothing to change, and none is left
            bucket = outputs["PrimaryDocumentsBucketName"]
            admin.s3(deployment.regions.primary).put_object(Bucket=bucket, Key="document", Body=b"{}")
            ask_for_replicas(deployer, deployment, outputs["TransactionsTableName"])
            destroy(project, deployment, deployer)
        except (QaError, ClientError):
            return True
        return False


def main() -> int:
    """Take away every right in turn, and tell which ones nobody missed."""
    project = load_project(Path.cwd())
    region = project.regions.primary
    whole = policy("deployer", project.regions)
    server = start_embedded(Settings(document_replication_lag=0.1, table_replication_lag=0.1))
    try:
        admin = Clients(
            Target(kind=TargetKind.ENDPOINT, endpoint=server.endpoint, credentials=EMBEDDED_CREDENTIALS)
        )
        deployer = user(admin, "deployer", whole, region=region)
        unmissed = []
        for number, (sid, action) in enumerate(rights(whole)):
            deployment = project.deployment({}, suffix=f"ci-{number}")
            set_policy(admin, "deployer", without(whole, sid, action), region=region)
            if not is_missed(project, deployment, deployer, admin):
                unmissed.append(f"{sid} {action}")
                sys.stdout.write(f"nobody missed {unmissed[-1]}\n")
            destroy(project, deployment, admin)
    finally:
        server.stop()
    sys.stdout.write(f"{len(rights(whole))} rights taken away, {len(unmissed)} not missed\n")
    return 1 if unmissed else 0


if __name__ == "__main__":
    sys.exit(main())
