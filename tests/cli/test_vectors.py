"""``liwa vectors`` as users run it."""

from __future__ import annotations

from pathlib import Path

import spacy

from liwa import jsonl, markup
from tests.conftest import Run
from tests.gold import story


def test_raw_articles_go_in_and_a_folder_of_vectors_comes_out(liwa: Run, tmp_path: Path) -> None:
    for number in range(40):
        with jsonl.open_output(tmp_path / "news" / f"s{number}.txt") as out:
            out.write(markup.parse(story(number)).text)
    options = ["--dim", "8", "--bucket", "200", "--epoch", "1", "--min-count", "1"]
    done = liwa("vectors", tmp_path / "news", "-o", tmp_path / "vectors", *options)
    assert done.returncode == 0, done.stderr
    assert "--paths.vectors" in done.stderr
    assert spacy.load(tmp_path / "vectors").vocab.vectors.shape == (200, 8)


def test_too_little_text_is_one_line(liwa: Run, tmp_path: Path) -> None:
    with jsonl.open_output(tmp_path / "one.txt") as out:
        out.write("خبر")
    done = liwa("vectors", tmp_path / "one.txt", "-o", tmp_path / "vectors")
    assert done.returncode == 2
    assert "cannot learn from this text" in done.stderr
    assert "Traceback" not in done.stderr
