"""Third stage: gold is split and turned into spaCy documents, and a pipeline is trained on them."""
