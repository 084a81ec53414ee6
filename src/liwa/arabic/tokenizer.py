"""The tokenizer: every code point that can begin or end an entity has a token boundary, and the text stays as it is.

A token is a run of letters of one script with its marks, a number, a web or mail address, a run of whitespace
or one code point of anything else (punctuation, symbol, emoji, bidi mark). Arabic words are split further,
behind each proclitic. What stands between two spaces is analysed once and cached.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liwa.arabic.clitics import after_lam, proclitic_ends
from liwa.arabic.orthography import LETTERS, MARKS, TATWEEL, bare, normalise

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

RULES = 2  # one more whenever a change of this code, not of the lexicon, moves a boundary or a norm
_CACHED_CHUNKS = 1 << 16
_LAM = frozenset("لﻝﻞﻟﻠ")

_ADDRESS = (
    r"(?:[Hh][Tt][Tt][Pp][Ss]?://|[Ww]{3}\.)[\w.~:/?#\[\]@!$&*+,;=%-]*[\w/=&#~%+-]"
    r"|[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}"
)
# A comma inside a number groups thousands; 777,999 is one token, 15,16 three, so that lists fall apart.
_NUMBER = r"\d+(?:[.٫]\d+|[,٬]\d{3}(?!\d))*"
# ة ends a word, even where the space behind it is missing; a tatweel in front of a word is meant as a dash.
_ARABIC = f"(?=[{LETTERS}])(?:(?!ة)[{LETTERS}{MARKS}{TATWEEL}])*(?:ة[{MARKS}]*)?"
# Most chunks are one word of letters, with marks around it that are a token each.
_EDGE = "[\"'«»“”()،؛؟!:.…]*"
_PLAIN = re.compile(f"{_EDGE}((?:(?!ة)[{LETTERS}])+ة?){_EDGE}")
# The space behind a letter that does not join to the left is easily forgotten: two words run together, and the second
# begins with its article. The rule also makes عبدالعزيز the two words that it is elsewhere.
_GLUED = re.compile(f"(?<=[{LETTERS}]{{2}}[دذرز])ال(?=[{LETTERS}]{{4}})")
_LETTERS = rf"(?:[^\W\d_{LETTERS}{TATWEEL}][\u0300-\u036f]*)+"
_TOKEN = re.compile(
    rf"(?a:{_ADDRESS})|{_NUMBER}|(?P<arabic>{_ARABIC})|{_LETTERS}|{TATWEEL}+|(?P<space>\s+)|(?P<other>.)", re.DOTALL
)


def split_chunk(chunk: str) -> list[tuple[int, int]]:
    """The tokens of a text without spaces as (start, end), one behind the other; not cached, as `tokenise` is."""
    plain = _PLAIN.fullmatch(chunk)
    if not plain:
        return list(_split(chunk))
    start, end = plain.span(1)
    word = _split_word(plain[1], start)
    if end - start == len(chunk):
        return word
    return [*((at, at + 1) for at in range(start)), *word, *((at, at + 1) for at in range(end, len(chunk)))]


def _split(chunk: str) -> Iterator[tuple[int, int]]:
    """The offsets of the tokens; a combining mark outside a word joins what stands before it."""
    held: tuple[int, int] | None = None
    for match in _TOKEN.finditer(chunk):
        start, end = match.span()
        if match.lastgroup == "other" and held and unicodedata.category(match[0])[0] == "M":
            held = (held[0], end)
            continue
        if held:
            yield held
        held = None if match.lastgroup == "space" else (start, end)
        if match.lastgroup == "space":
            yield start, end
        elif match.lastgroup == "arabic":
            *clitics, held = _split_word(match[0], start)
            yield from clitics
    if held:
        yield held


def _split_word(word: str, offset: int) -> list[tuple[int, int]]:
    """The offsets of proclitics and stem, and of a tatweel behind it: no stretched letter, but a dash."""
    if glued := _GLUED.search(word):
        return _split_word(word[: glued.start()], offset) + _split_word(word[glued.start() :], offset + glued.start())
    ends = proclitic_ends(word)
    if not ends and word[-1] != TATWEEL:
        return [(offset, offset + len(word))]
    cuts = [0, *ends, len(word)]
    dash = len(word.rstrip(TATWEEL))
    if cuts[-2] + 2 < dash < len(word):
        cuts.insert(-1, dash)
    return [(offset + start, offset + end) for start, end in pairwise(cuts)]


@lru_cache(maxsize=_CACHED_CHUNKS)
def _offsets(chunk: str) -> tuple[tuple[int, int], ...]:
    """The tokens of a text without spaces."""
    return tuple(split_chunk(chunk))


def tokenise(text: str) -> list[tuple[int, int]]:
    """The tokens of `text` as (start, end) in code points, `end` exclusive: those of `ArabicTokenizer`.

    One space behind a token belongs to no token; all other whitespace is a token, so nothing is lost.
    """
    tokens: list[tuple[int, int]] = []
    position = 0
    for chunk in text.split(" "):
        if chunk:
            parts = _offsets(chunk)
            if len(parts) == 1:
                tokens.append((position, position + len(chunk)))
            else:
                tokens += [(position + start, position + end) for start, end in parts]
        elif position < len(text):
            first = tokens.pop()[0] if tokens and tokens[-1][1] == position else position
            tokens.append((first, position + 1))
        position += len(chunk) + 1
    return tokens


@lru_cache(maxsize=_CACHED_CHUNKS)
def _norm_after(clitic: str, word: str) -> str | None:
    """The norm of a word in ل behind the preposition ل; None where `clitic` is another word."""
    return after_lam(word) if bare(clitic) == "ل" and len(bare(word)) > 1 else None


def _norms(words: list[str], spaces: list[bool]) -> Iterator[tuple[int, str]]:
    """The tokens whose norm depends on the token before: their places and norms."""
    for place, word in enumerate(words):
        if word[0] in _LAM and place and words[place - 1][0] in _LAM and not spaces[place - 1]:
            norm = _norm_after(words[place - 1], word)
            if norm:
                yield place, norm


@cache
def rules_version() -> str:
    """Which rules split: the number of the code's and the checksum of the lexicon."""
    lexicon = (files("liwa.arabic") / "lexicon.txt").read_bytes().replace(b"\r\n", b"\n")
    return f"{RULES}-{zlib.crc32(lexicon):08x}"


class ArabicTokenizer:
    """`tokenise` as a spaCy tokenizer. NORM is the normalised word, and after the preposition ل the whole word.

    vocab: its lexemes normalise themselves from now on (`lex_attr_getters`), in documents made elsewhere too.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        norm = vocab.strings["NORM"]
        vocab.lex_attr_getters[norm] = normalise  # type: ignore[attr-defined]  # the stub lacks it
        for lexeme in vocab:
            lexeme.norm_ = normalise(lexeme.orth_)

    def __call__(self, text: str) -> Doc:
        """The document of `text`; ``doc.text == text`` for every string."""
        from spacy.tokens import Doc

        offsets = tokenise(text)
        words = [text[start:end] for start, end in offsets]
        spaces = [text.startswith(" ", end) for _, end in offsets]
        doc = Doc(self.vocab, words=words, spaces=spaces)
        for place, norm in _norms(words, spaces):
            doc[place].norm_ = norm
        return doc

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """The documents of `texts`, one by one; `batch_size` is there for spaCy's sake."""
        return map(self, texts)

    def to_bytes(self, **kwargs: Any) -> bytes:
        """The version of the rules; the vocabulary is the pipeline's to save."""
        return rules_version().encode()

    def from_bytes(self, data: bytes, **kwargs: Any) -> ArabicTokenizer:
        """Check what `to_bytes` saved; a UserWarning says that a model was trained with other rules."""
        saved = data.decode(errors="replace").strip()
        if saved != rules_version():
            warnings.warn(
                f"this pipeline was trained with tokenizer rules {saved!r}, this liwa has {rules_version()!r}: "
                "its scores may be lower. Train it again, or install the liwa that it was trained with",
                stacklevel=2,
            )
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Write `to_bytes` to the file `path`."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **kwargs: Any) -> ArabicTokenizer:
        """Check the file that `to_disk` wrote, as `from_bytes` does."""
        return self.from_bytes(Path(path).read_bytes())


def create_tokenizer() -> Callable[[Language], ArabicTokenizer]:
    """What spaCy's registry calls for ``[nlp.tokenizer] @tokenizers = "liwa.ArabicTokenizer.v1"``."""

    def make(nlp: Language) -> ArabicTokenizer:
        return ArabicTokenizer(nlp.vocab)

    return make
