"""The command line: thin wrappers that parse options, call a stage, and print."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from liwa.errors import LiwaError
from liwa.progress import say


def main() -> None:
    """Run the command line; exit 0 ok, 1 findings or gate failed, 2 usage or unreadable input, 3 liwa's own fault."""
    gc.set_threshold(50_000, 1000)  # a corpus in memory is millions of objects, and hardly a circle among them
    # Products of matrices differ in their last digits with the number of threads: --workers shares the cores instead.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        sys.exit(_run())
    except LiwaError as error:
        say(f"liwa: {error}")
        sys.exit(2)
    except KeyboardInterrupt:
        say("liwa: stopped; no output was changed")
        sys.exit(130)
    except Exception as error:
        if os.environ.get("LIWA_DEBUG"):
            raise
        say(f"liwa: a fault of liwa itself: {type(error).__name__}: {error}. Set LIWA_DEBUG=1 and report the traceback")
        sys.exit(3)
    finally:
        gc.freeze()  # what is left goes with the process; to look through it once more takes seconds


def _run() -> int:
    """Run a command and return its exit code; what it raises, other than a usage error, is passed on."""
    import typer

    from liwa.cli.app import app

    usage_error: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "UsageError")
    try:
        return int(app(standalone_mode=False) or 0)
    except usage_error as error:
        _explain(error)
        return 2
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # whoever read stdout has read enough
            return 0
        raise
    except OSError as error:
        raise LiwaError(f"cannot write: {error.strerror}", where="stdout", hint="Free the output") from None


def _explain(error: Any) -> None:
    """Say what is wrong with a command's words in one line; without any words, print the help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    command = error.ctx.command_path if error.ctx else "liwa"
    say(f"{command}: {' '.join(error.format_message().split())} See {command} --help")
