"""The first store: tasks, annotators, answers that are only ever appended, and drafts."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "001"
down_revision: Final = None

_SQLITE: Final = """
create trigger answers_{event}_refused before {event} on answers
begin select raise(abort, 'answers are only appended'); end
"""

_POSTGRESQL: Final = (
    """
create function answers_are_appended() returns trigger language plpgsql as
$$ begin raise exception 'answers are only appended'; end $$
""",
    """
create trigger answers_kept before update or delete on answers
for each row execute function answers_are_appended()
""",
)


def upgrade() -> None:
    """Make the tables, and the triggers that keep answers."""
    _tables()
    _answers()
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(_SQLITE.format(event=event))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)


def _tables() -> None:
    op.create_table("about", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.create_table(
        "annotators",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("created", sa.Double, nullable=False),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
    )
    op.create_index("tasks_by_article", "tasks", ["article", "start"])
    op.create_index("tasks_by_position", "tasks", ["position"])
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("article", "start", "end"),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("task_id", sa.Integer, sa.ForeignKey("tasks.id"), nullable=False),
        sa.Column("annotator_id", sa.Integer, sa.ForeignKey("annotators.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.UniqueConstraint("task_id", "annotator_id", "revision"),
        sa.UniqueConstraint("annotator_id", "key"),
        sa.CheckConstraint("answer in ('accept', 'reject', 'ignore')", name="answer_is_known"),
    )
    op.create_table(
        "work",
        sa.Column("task_id", sa.Integer, sa.ForeignKey("tasks.id"), primary_key=True),
        sa.Column("annotator_id", sa.Integer, sa.ForeignKey("annotators.id"), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("answers.id")),
        sa.Column("answer", sa.Text),
        sa.Column("flagged", sa.Integer, nullable=False),
        sa.Column("draft", sa.Text),
        sa.Column("draft_key", sa.Text),
        sa.Column("changed", sa.Double, nullable=False),
    )
    op.create_index("work_by_annotator", "work", ["annotator_id", "answer", "flagged", "draft_key"])
