"""What components read tokens with where their config names nothing else: spaCy's own defaults."""

from __future__ import annotations

from typing import Final

TOK2VEC: Final = """
    [model.tok2vec]
    @architectures = "spacy.HashEmbedCNN.v2"
    pretrained_vectors = null
    width = 96
    depth = 4
    embed_size = 2000
    window_size = 1
    maxout_pieces = 3
    subword_features = true
    """
"""The section ``[model.tok2vec]`` of a config."""
