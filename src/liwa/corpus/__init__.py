"""First stage: raw articles are read, cleaned of nothing, and grouped."""
