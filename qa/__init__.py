"""QA harness for CloudFormation stacks that must survive the loss of a region."""

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """Look the version up when it is needed: every pytest run of anybody imports this package."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - 30 ms, see above

    try:
        return version("qa-two-regions")
    except PackageNotFoundError:  # a checkout that was not installed
        return "0+unknown"
