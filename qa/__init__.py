"""QA harness for CloudFormation stacks that must survive the loss of a region."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("qa-two-regions")
except PackageNotFoundError:  # a checkout that was not installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
