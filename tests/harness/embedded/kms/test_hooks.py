"""Every symbol of moto that KMS replaces is still where it was, and takes what it took."""

from __future__ import annotations

from qa.embedded import kms


def test_each_hook_has_its_symbol_in_moto() -> None:
    moved = [
        f"{owner.__module__}.{owner.__name__}.{name}"
        for owner, name, _ in kms.HOOKS
        if not hasattr(owner, name)
    ]

    assert moved == []
