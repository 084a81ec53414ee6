"""What Prodigy's recipes do: streams, checks of answers, settings. The recipes themselves are in ``recipes/``."""
