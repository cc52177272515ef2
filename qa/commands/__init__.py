"""The command line's subcommands: a new one is a file here and a line in COMMANDS, in the help's order."""

from __future__ import annotations

from . import check, completion, deploy, destroy, doctor, graph, init, outputs, serve, setup, sweep, verify

COMMANDS = (
    init.COMMAND,
    check.COMMAND,
    graph.COMMAND,
    verify.COMMAND,
    deploy.COMMAND,
    outputs.COMMAND,
    destroy.COMMAND,
    sweep.COMMAND,
    serve.COMMAND,
    doctor.COMMAND,
    setup.COMMAND,
    completion.COMMAND,
)

__all__ = ["COMMANDS"]
