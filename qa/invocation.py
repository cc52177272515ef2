"""How a command is started where qa is installed: by make in its own checkout, by its name elsewhere."""

from __future__ import annotations

from pathlib import Path

_AROUND = Path(__file__).resolve().parents[1]


def is_checkout(folder: Path) -> bool:
    """Tell whether the folder around the package is a checkout of qa, and not site-packages."""
    return (folder / "Makefile").is_file() and (folder / "qa").is_dir()


def invocations(folder: Path) -> tuple[str, ...]:
    """Return what to type for `setup`, `deploy` and `outputs`, and for the packages of the embedded AWS."""
    program = "make" if is_checkout(folder) else "qa"
    install = "make setup" if is_checkout(folder) else "pip install 'qa-two-regions[embedded]'"
    return (*(f"{program} {command}" for command in ("setup", "deploy", "outputs")), install)


SETUP, DEPLOY, OUTPUTS, INSTALL = invocations(_AROUND)
