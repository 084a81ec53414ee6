"""Arabic orthography, proclitics and the tokenizer."""
