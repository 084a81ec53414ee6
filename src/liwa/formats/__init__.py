"""Gold to and from the files of other tools: one small module a format, found through a registry."""
