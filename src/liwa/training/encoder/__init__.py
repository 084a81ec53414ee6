"""A pretrained encoder as a spaCy ``tok2vec``: its checkpoint, its word pieces, its windows and its network."""
