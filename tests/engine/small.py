"""The command with small batches and portions, frequent commits and slow writing, for tests to stop it half way.

python -m tests.engine.small SECONDS_A_BATCH tasks ...
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from liwa.annotations.task_files import TaskFiles
from liwa.corpus import portions
from liwa.corpus.group_files import GroupFiles
from liwa.engine import batches, run
from liwa.training.predict_files import PredictionFiles


def slowed(take: Callable[..., None], seconds: float) -> Callable[..., None]:
    def slow(*args: Any) -> None:
        time.sleep(seconds)
        take(*args)

    return slow


if __name__ == "__main__":
    from liwa.cli import main

    batches.SIZE = 2000  # type: ignore[misc]
    portions.SIZE = 8000  # type: ignore[misc]
    run.COMMIT = 3  # type: ignore[misc]
    seconds = float(sys.argv.pop(1))
    sinks: list[Any] = [TaskFiles, PredictionFiles, GroupFiles]
    for sink in sinks:
        sink.take = slowed(sink.take, seconds)
    main()
