"""One module a step; Alembic runs them in the order that they name."""
