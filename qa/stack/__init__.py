"""The deployed stack as data: target, clients, outputs, deploy, ledger.

What is listed here imports no boto3. The engine stands in its own modules, which do: `deploy`, `destroy`,
`sweep`, `live` (what the stacks say now).
"""

from .clients import Clients
from .drill import Drill, drill_of
from .ledger import (
    AlarmStateEntry,
    DocumentsEntry,
    Entry,
    ItemEntry,
    Ledger,
    MuteRuleEntry,
    ObjectEntry,
    QueueEntry,
    SubscriptionEntry,
)
from .outputs import (
    MissingOutputError,
    Outputs,
    OutputsError,
    OutputsRecord,
    merge_outputs,
    outputs_path,
    record_path,
    write_outputs,
)
from .outputs_reading import Expected, discard_outputs, read_outputs
from .polling import Polling, polling_of
from .project import Deployment, Place, Project, Regions, Role, StackNames
from .project_file import find_project, load_project
from .run import Run, RunAbout, known_runs, new_run_id, run_at, run_id_in
from .target import Credentials, Target, TargetKind, resolve_target
from .template_file import TemplateFile, digest_of, read_template

__all__ = [
    "AlarmStateEntry",
    "Clients",
    "Credentials",
    "Deployment",
    "DocumentsEntry",
    "Drill",
    "Entry",
    "Expected",
    "ItemEntry",
    "Ledger",
    "MissingOutputError",
    "MuteRuleEntry",
    "ObjectEntry",
    "Outputs",
    "OutputsError",
    "OutputsRecord",
    "Place",
    "Polling",
    "Project",
    "QueueEntry",
    "Regions",
    "Role",
    "Run",
    "RunAbout",
    "StackNames",
    "SubscriptionEntry",
    "Target",
    "TargetKind",
    "TemplateFile",
    "digest_of",
    "discard_outputs",
    "drill_of",
    "find_project",
    "known_runs",
    "load_project",
    "merge_outputs",
    "new_run_id",
    "outputs_path",
    "polling_of",
    "read_outputs",
    "read_template",
    "record_path",
    "resolve_target",
    "run_at",
    "run_id_in",
    "write_outputs",
]
