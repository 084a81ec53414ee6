"""Word vectors out of a user's own raw news: floret vectors over NORM, cut into tokens as the pipelines cut text.

floret stores no word, only hashed n-grams of letters, so every token has a vector, seen or not, and the table stays
small: https://github.com/explosion/floret. The n-grams are as Bojanowski et al. (2017), the hashing as Svenstrup et
al. (2017).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liwa.errors import LiwaError
from liwa.passages import paragraphs
from liwa.records import Article
from liwa.training.folders import writing

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Settings:
    """How floret learns. dim: numbers a vector. bucket: rows of the table. epoch: passes over the text.

    minn, maxn: letters of an n-gram, the marks of word begin and end among them. hash_count: rows an n-gram sums.
    window: words on either side. min_count: a rarer word is no target. thread: more than 1 is faster and no longer
    gives the same vectors twice.
    """

    dim: int = 128
    bucket: int = 50_000
    epoch: int = 2
    minn: int = 3
    maxn: int = 5
    hash_count: int = 2
    window: int = 5
    min_count: int = 5
    thread: int = 1


def train_vectors(articles: Iterable[Article], output: str | Path, settings: Settings | None = None) -> int:
    """Learn vectors from raw articles, write a pipeline folder that holds them and return the number of words read.

    Any config takes the folder as ``initialize.vectors``. LiwaError where floret is not installed or finds too little
    text.
    """
    chosen = settings or Settings()
    with writing(output), tempfile.TemporaryDirectory() as folder:
        text, table = Path(folder) / "text", Path(folder) / "vectors.floret"
        words = _write(articles, text)
        _learn(text, table, chosen)
        _pipeline(table).to_disk(output)
    return words


def norms(articles: Iterable[Article]) -> Iterator[list[str]]:
    """Yield the norms of the tokens of each paragraph, white space left out."""
    nlp = _blank()
    for article in articles:
        for place in paragraphs(article.text):
            doc = nlp.make_doc(article.text[place.start : place.end])
            yield [token.norm_ for token in doc if not token.is_space]


def _blank() -> Language:
    import spacy

    return spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})


def _write(articles: Iterable[Article], file: Path) -> int:
    """Write one paragraph a line, tokens between spaces, as floret reads text; return the number of tokens."""
    count = 0
    with file.open("w", encoding="utf-8") as stream:
        for line in norms(articles):
            stream.write(" ".join(line) + "\n")
            count += len(line)
    return count


def _learn(text: Path, table: Path, settings: Settings) -> None:
    try:
        import floret
    except ImportError:
        raise LiwaError("floret is not installed", hint="pip install 'liwa[vectors]'") from None
    renamed = {"min_count": "minCount", "hash_count": "hashCount", "window": "ws"}
    known: dict[str, Any] = {renamed.get(name, name): value for name, value in asdict(settings).items()}
    try:
        model = floret.train_unsupervised(str(text), model="skipgram", mode="floret", verbose=1, **known)
    except (ValueError, RuntimeError) as error:
        hint = "Give more text, or a lower --min-count"
        raise LiwaError(f"floret cannot learn from this text: {error}", hint=hint) from None
    model.save_floret_vectors(str(table))


def _pipeline(table: Path) -> Language:
    """Return a pipeline without components whose vocabulary holds the table, looked up by NORM."""
    from spacy.training.initialize import convert_vectors

    nlp = _blank()
    with redirect_stdout(sys.stderr):
        convert_vectors(nlp, table, truncate=-1, prune=-1, mode="floret", attr="NORM")
    return nlp
