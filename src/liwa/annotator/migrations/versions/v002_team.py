"""The team: people with tokens, leases on tasks, answers that go round again, and how soon articles are wanted."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "002"
down_revision: Final = "001"


def upgrade() -> None:
    """Add columns and tables; whoever is known already is an annotator without a token."""
    op.add_column("annotators", sa.Column("role", sa.Text, nullable=False, server_default="annotator"))
    op.add_column("annotators", sa.Column("token", sa.Text))
    op.add_column("annotators", sa.Column("expires", sa.Double))
    op.add_column("annotators", sa.Column("revoked", sa.Double))
    op.create_index("annotators_by_token", "annotators", ["token"], unique=True)
    op.add_column("work", sa.Column("again", sa.Text))
    op.drop_index("work_by_annotator", "work")
    op.create_index("work_by_annotator", "work", ["annotator_id", "answer", "flagged", "draft_key", "again"])
    op.create_table(
        "leases",
        sa.Column("task_id", sa.Integer, sa.ForeignKey("tasks.id"), primary_key=True),
        sa.Column("annotator_id", sa.Integer, sa.ForeignKey("annotators.id"), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.UniqueConstraint("annotator_id", "number"),
    )
    op.create_index("leases_by_until", "leases", ["until"])
    op.create_table(
        "priorities",
        sa.Column("article", sa.Text, primary_key=True),
        sa.Column("score", sa.Double, nullable=False),
    )
