"""The rules that files of other tools are held against, beside those of gold itself, with their stable ids."""

from __future__ import annotations

from typing import Final

from liwa.findings import Rule

LEFT_OUT: Final = Rule("F101", "left-out", "note", "Keep the file: gold has no place for this")
BAD_FILE: Final = Rule("F102", "bad-file", "error", "Export the file again, or name its format with --from")
BAD_LINE: Final = Rule("F103", "bad-line", "error", "Correct the line, or export the file again")
NOT_SUPPORTED: Final = Rule("F104", "not-supported", "error", "Remove it: gold has flat spans and relations of two")
