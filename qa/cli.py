"""The command line: runs one subcommand, and turns what can happen to it into an exit code."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from qa.commands.command import COULD_NOT_RUN, FAILED, INTERRUPTED
from qa.commands.parser import parse
from qa.commands.terminal import READER_GONE, forget_reader, prepare_streams, release_output, system_words
from qa.errors import QaError, needing_packages
from qa.printable import printable_lines

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    prepare_streams()
    args = parse(sys.argv[1:] if argv is None else argv)
    if args is None:
        return COULD_NOT_RUN
    # the end that a pipeline asks for is Ctrl-C to us; `serve` sees to it itself
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with needing_packages("this command"):
            code: int = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _ended(args, args.interrupted, INTERRUPTED)
    except QaError as error:
        return _ended(args, str(error), _exit_code(error))
    except BrokenPipeError:
        forget_reader()
        return READER_GONE
    except OSError as error:
        release_output()
        return _ended(args, system_words(error), COULD_NOT_RUN)
    finally:
        signal.signal(signal.SIGTERM, before)
    return code


def _ended(args: argparse.Namespace, words: str, code: int) -> int:
    print(f"qa {args.command}: {printable_lines(words)}", file=sys.stderr)
    return code


def _exit_code(error: QaError) -> int:
    from qa.stack.events import DeployError  # noqa: PLC0415 - imports botocore: only who needs it pays

    return FAILED if isinstance(error, DeployError) else COULD_NOT_RUN
