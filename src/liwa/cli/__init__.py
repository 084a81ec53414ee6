"""The command line: thin wrappers that parse options, call a stage, and print."""

from __future__ import annotations

import os
import sys

from liwa.errors import LiwaError
from liwa.progress import say


def main() -> None:
    """Run the command line; exit 0 ok, 1 findings or gate failed, 2 usage or unreadable input, 3 liwa's own fault."""
    from liwa.cli.app import app

    try:
        app()
    except LiwaError as error:
        say(f"liwa: {error}")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        say("liwa: stopped; no output was changed")
        sys.exit(130)
    except Exception as error:
        if os.environ.get("LIWA_DEBUG"):
            raise
        say(f"liwa: a fault of liwa itself: {type(error).__name__}: {error}. Set LIWA_DEBUG=1 and report the traceback")
        sys.exit(3)
