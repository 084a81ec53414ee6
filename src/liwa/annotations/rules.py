"""The rules that gold is held against, with their stable ids.

G1xx: the row can be read. G2xx: the text is the right one. G3xx: the annotation follows the scheme and the guidelines.
G4xx: the annotation looks like a mistake; these are asked for apart.
"""

from __future__ import annotations

from typing import Final

from liwa.findings import Rule

NOT_GOLD: Final = Rule("G101", "not-gold", "error", "Write a Prodigy row with a text, or a stand-off row with ranges")
BAD_META: Final = Rule("G102", "bad-meta", "error", "Keep the meta that liwa tasks wrote")
BAD_OFFSETS: Final = Rule("G103", "bad-offsets", "error", "Count code points from 0, end exclusive, as integers")
OVERLAP: Final = Rule("G104", "overlap", "error", "Keep one of the two: spans are flat, ranges disjoint")
SPAN_TEXT: Final = Rule("G105", "span-text", "error", "Correct the offsets, or remove the span's text key")
OUTSIDE: Final = Rule("G106", "outside-ranges", "error", "Annotate the range, or remove the span")
BAD_RELATION: Final = Rule("G107", "bad-relation", "error", "Let both ends of a relation be spans of the row")
BAD_ANSWER: Final = Rule("G108", "bad-answer", "error", "Answer accept, reject or ignore")
BAD_SPAN: Final = Rule("G109", "bad-span", "error", "Write each span as an object with start, end and label")
BROKEN_ROW: Final = Rule("G110", "broken-row", "error", "Write one JSON object a line, in UTF-8")
EMPTY_FILE: Final = Rule("G111", "empty-file", "error", "Name a file with gold, or write it again")
BAD_MARK: Final = Rule(
    "G112", "bad-mark", "error", "Write marks as [text](LABEL), [text](LABEL 1), [text](LABEL TYPE:1)"
)
UNANSWERED: Final = Rule("G114", "unanswered", "error", "Export the answers, or set answer to accept where it is gold")
NOT_ACCEPTED: Final = Rule("G113", "not-accepted", "note", "Accept the row if it is gold")

TEXT_DIFFERS: Final = Rule("G201", "text-differs", "error", "Fetch the exact text that was annotated, byte for byte")
TEXT_MISSING: Final = Rule("G202", "text-missing", "note", "Name the folder or file that has the text with --texts")
TEXT_REQUIRED: Final = Rule("G203", "text-required", "error", "Name the folder or file that has the text with --texts")
HASH_DIFFERS: Final = Rule("G204", "hash-differs", "warning", "Let liwa tasks write the row's hashes")
TOKENS_DIFFER: Final = Rule("G205", "tokens-differ", "error", "Correct the token indices, or remove them")
NO_DIGEST: Final = Rule("G206", "no-sha256", "warning", "Run liwa gold load with --texts, which adds the SHA-256")
TWO_TEXTS: Final = Rule("G207", "two-texts", "error", "Give each article an id of its own")

UNKNOWN_LABEL: Final = Rule(
    "G301", "unknown-label", "error", "Use a label of the scheme, or name another with --scheme"
)
UNKNOWN_RELATION: Final = Rule("G302", "unknown-relation", "error", "Use a relation type of the scheme")
BAD_SIGNATURE: Final = Rule("G303", "bad-signature", "error", "Check the relation's type and direction")
CROSS_PARAGRAPH: Final = Rule("G304", "cross-paragraph", "error", "Relate mentions of one paragraph")
SPAN_EDGE: Final = Rule("G305", "span-edge", "error", "Leave white space and punctuation outside the span's ends")
SPAN_LINE_BREAK: Final = Rule("G306", "span-line-break", "error", "End the span before the line break")
NOT_ALIGNED: Final = Rule(
    "G307", "not-aligned", "error", "Correct the span, or report the word: a tokenizer boundary lacks"
)
ANNOTATED_TWICE: Final = Rule("G308", "annotated-twice", "error", "Keep one answer for each passage")
SELF_RELATION: Final = Rule("G309", "self-relation", "error", "Relate two different spans")
DOUBLE_RELATION: Final = Rule("G310", "double-relation", "error", "Keep one of the two")
REPEATED: Final = Rule("G311", "repeated", "note", "Keep one row, unless the passage shall count twice in training")

ALL: Final = tuple(value for value in globals().values() if isinstance(value, Rule))

TWO_LABELS: Final = Rule("G401", "two-labels", "warning", "Correct the label, or list the span as justified")
UNLABELLED_NEIGHBOUR: Final = Rule(
    "G402", "unlabelled-neighbour", "warning", "Label it, or list the place as justified"
)
UNLABELLED_REPEAT: Final = Rule("G403", "unlabelled-repeat", "warning", "Label it, or list the place as justified")
UNLABELLED_ELSEWHERE: Final = Rule("G404", "unlabelled-elsewhere", "note", "Label it, or list the place as justified")
CLITIC_IN_SPAN: Final = Rule("G405", "clitic-in-span", "warning", "Begin the span behind the clitic, or justify it")
UNUSED_SIGNATURE: Final = Rule("G406", "unused-signature", "warning", "Add an example, or list it as justified")

SUSPECTS: Final = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Rule) and value.id.startswith("G4")
)
"""What is no breach of a rule but looks like a mistake."""
