"""The deployed stack as data: target, clients, outputs, deploy, ledger."""
