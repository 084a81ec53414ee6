"""The article on an HTML page, extracted by trafilatura: https://aclanthology.org/2021.acl-demo.15/."""

from __future__ import annotations

import importlib.metadata
import logging
from typing import Any

from liwa.corpus import fields
from liwa.errors import LiwaError
from liwa.records import Article


def extract(page: str, *, id: str, where: str) -> Article:
    """Return the article on a page; ``source`` names the extractor and its version, the page's title, date and url.

    The text is what the extractor returns, so another version of it may give another text, with another SHA-256.
    Raises LiwaError where trafilatura is not installed, or finds no text on the page.
    """
    document = _extractor(where)(page, with_metadata=True, include_comments=False) if page.strip() else None
    if document is None or not (document.text or "").strip():
        raise LiwaError(
            "found no article text on the page",
            where=where,
            hint="Save the whole page, or write its text to a .txt file",
        )
    known = {
        "outlet": document.sitename,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "url": document.url,
        "licence": document.license,
    }
    extractor = f"trafilatura {importlib.metadata.version('trafilatura')}"
    return Article(id, document.text, fields.scalars(known) | {"extractor": extractor})


def _extractor(where: str) -> Any:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        missing = str(error).partition("\n")[0]
        raise LiwaError(f"HTML needs trafilatura: {missing}", where=where, hint="pip install liwa[html]") from None
    # It reports an empty page on stderr through logging; the caller gets a LiwaError instead.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return bare_extraction
