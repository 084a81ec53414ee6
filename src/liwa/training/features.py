"""The architecture ``liwa.ArabicEmbed.v1``: a word as its norm, stem, affixes, outline and classes of the gazetteer.

All features are of the NORM, so that spellings of one word give one vector, and all but the way in which a token
joins its neighbours are of the word alone: computed once a word and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from murmurhash import hash_unicode

from liwa.errors import LiwaError
from liwa.training.gazetteer import classes

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from thinc.api import Model

WORDS: Final = ("norm", "stem", "prefix", "suffix2", "suffix3", "outline", "classes")
"""Features of a word alone."""
FEATURES: Final = (*WORDS, "joins")
"""All features; joins: which neighbours a token touches, as a clitic touches its word."""
LEXICAL: Final = frozenset(["norm", "stem"])
"""Features that name the word itself and that word dropout hides."""

_ENDINGS: Final = ("تين", "تان", "يون", "يين", "ات", "ون", "ين", "ان", "ية", "وا", "ها", "هم", "ة", "ه", "ي", "ا")
_AFFIX_LETTERS: Final = frozenset("اتمونيسةهءؤئل")
_ARABIC: Final = frozenset(map(chr, range(0x620, 0x64B)))
_CACHED_WORDS: Final = 1 << 17


def stem(norm: str) -> str:
    """Return a norm without its article and one ending, never shorter than three letters."""
    bare = norm[2:] if norm.startswith("ال") and len(norm) > 4 else norm
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare[: -len(ending)]
    return bare


def outline(norm: str) -> str:
    """Return the pattern of a norm: Arabic letters that serve in affixes stay, all others are ف, digits are 9."""
    return "".join(_outlined(char) for char in norm[:12])


def _outlined(char: str) -> str:
    if char.isdigit():
        return "9"
    if char.isalpha() and char not in _AFFIX_LETTERS:
        return "ف" if char in _ARABIC else "x"
    return char


def word_features(norm: str) -> dict[str, str]:
    """Return the features of a word by name, as text."""
    return {
        "norm": norm,
        "stem": stem(norm),
        "prefix": norm[:3],
        "suffix2": norm[-2:],
        "suffix3": norm[-3:],
        "outline": outline(norm),
        "classes": " ".join(sorted(classes(norm))),
    }


class _Hashes(dict[int, tuple[int, ...]]):
    """The hashed features of words by spaCy's number of their norm, which is the same in every vocabulary."""

    def rows(self, doc: Doc) -> list[tuple[int, ...]]:
        """Return the hashed features of each token of a document."""
        keys = doc.to_array("NORM").tolist()
        if len(self) > _CACHED_WORDS:
            self.clear()
        for key in set(keys).difference(self):
            features = word_features(doc.vocab.strings[key])
            self[key] = tuple(hash_unicode(text) & 0xFFFFFFFF for text in features.values())
        return [self[key] for key in keys]


_HASHES: Final = _Hashes()


def _joins(doc: Doc) -> np.ndarray[Any, Any]:
    """Return for each token 1 where it touches the one before, plus 2 where it touches the one behind."""
    touches = 1 - doc.to_array("SPACY").astype("uint64")
    joins = 2 * touches
    joins[1:] += touches[:-1]
    return joins + 1


def create_arabic_embed(
    width: int,
    rows: Sequence[int],
    features: Sequence[str] = FEATURES,
    word_dropout: float = 0.0,
    include_static_vectors: bool = False,
) -> Model[list[Doc], list[Any]]:
    """Return a layer from documents to one vector of ``width`` numbers a token.

    features: names of `FEATURES`. rows: of the table of each feature. word_dropout: the share of words that training
    shows without their lexical features, so that it learns to do without them. include_static_vectors: add the
    vectors of the vocabulary.
    """
    from spacy.ml.staticvectors import StaticVectors
    from thinc.api import HashEmbed, Maxout, chain, concatenate, list2ragged, ragged2list, with_array

    tables: list[Model[Any, Any]] = [
        HashEmbed(width, count, column=column, seed=column + 7) for column, count in enumerate(rows[: len(features)])
    ]
    reader = _extractor(features, word_dropout, include_static_vectors)
    hashed: Model[Any, Any] = chain(reader, list2ragged(), with_array(concatenate(*tables)))
    size = width * (len(features) + include_static_vectors)
    mix: Model[Any, Any] = with_array(Maxout(width, size, nP=3, dropout=0.0, normalize=True))
    embedded = concatenate(hashed, StaticVectors(width, dropout=0.0)) if include_static_vectors else hashed
    return chain(embedded, mix, ragged2list())


def _extractor(features: Sequence[str], word_dropout: float, vectors: bool) -> Model[list[Doc], list[Any]]:
    from thinc.api import Model

    attrs = {"features": list(features), "word_dropout": word_dropout}
    return Model("arabic_features", _extract, init=_require_vectors if vectors else None, attrs=attrs)


def _require_vectors(model: Model[list[Doc], list[Any]], X: list[Doc] | None = None, Y: Any = None) -> None:  # noqa: N803
    if X and not X[0].vocab.vectors.shape[1]:
        hint = "Make them with liwa vectors NEWS... -o VECTORS and add --paths.vectors VECTORS"
        raise LiwaError("the config asks for word vectors, and there are none", hint=hint)


def _extract(model: Model[list[Doc], list[Any]], docs: list[Doc], is_train: bool) -> tuple[list[Any], Any]:
    """Return an array of hashes a document, tokens x features."""
    columns = [FEATURES.index(name) for name in model.attrs["features"]]
    found = [_table(doc)[:, columns] for doc in docs]
    if is_train and model.attrs["word_dropout"]:
        lexical = [place for place, name in enumerate(model.attrs["features"]) if name in LEXICAL]
        for table in found:
            _hide(table, lexical, model.attrs["word_dropout"])
    return [np.ascontiguousarray(table) for table in found], lambda _: []


def _table(doc: Doc) -> np.ndarray[Any, Any]:
    table = np.zeros((len(doc), len(FEATURES)), dtype="uint64")
    if len(doc):
        table[:, :-1] = _HASHES.rows(doc)
        table[:, -1] = _joins(doc)
    return table


def _hide(table: np.ndarray[Any, Any], columns: list[int], share: float) -> None:
    hidden = np.random.uniform(size=len(table)) < share
    for column in columns:
        table[hidden, column] = 0
