"""The tables of a store, as SQLAlchemy Core sees them; `migrations` makes them.

Whatever people or files wrote freely stands in columns of JSON text, where U+0000 is escaped: PostgreSQL's ``text``
and ``jsonb`` refuse it bare.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

NEWEST: Final = "002"
"""The last step of `migrations`."""

ROLES: Final = ("annotator", "lead", "layer", "review")
"""A person who annotates, one who leads, a layer of gold that was read from files, and the layer that reviews make."""

metadata: Final = MetaData()

about = Table("about", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""What is known of the store as a whole: its ``id``, and ``scheme``, ``feed`` and ``name`` of the last start."""

annotators = Table(
    "annotators",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("created", Double, nullable=False),
    Column("role", Text, nullable=False, server_default="annotator"),
    Column("token", Text),
    Column("expires", Double),
    Column("revoked", Double),
    Index("annotators_by_token", "token", unique=True),
)
"""Whoever's answers are kept apart. role: one of `ROLES`; token: hexadecimal SHA-256 of a person's token, null for who
has none; expires, revoked: Unix times, null for never."""

tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("article", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("position", Integer),
    Column("summary", Text, nullable=False),
    Column("row", Text, nullable=False),
    Index("tasks_by_article", "article", "start"),
    Index("tasks_by_position", "position"),
)
"""Every task that was ever fed. digest: `liwa.annotator.feed.identity`, what the page calls the task's id; position:
from 1, in the feed of the last start, null where that lacks the task; summary: JSON of title and preview; row: the line
of the feed."""

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("article", "start", "end"),
)
"""What else of the articles is at hand, for reading only; text: JSON of a string."""

answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("tasks.id"), nullable=False),
    Column("annotator_id", ForeignKey("annotators.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("created", Double, nullable=False),
    UniqueConstraint("task_id", "annotator_id", "revision"),
    UniqueConstraint("annotator_id", "key"),
    CheckConstraint("answer in ('accept', 'reject', 'ignore')", name="answer_is_known"),
)
"""Every answer ever given, appended only: triggers refuse to change or delete one. key: chosen by the browser, so that
an answer sent twice is stored once; body: JSON of `liwa.annotator.checking.Body`; created: Unix time in seconds."""

work = Table(
    "work",
    metadata,
    Column("task_id", ForeignKey("tasks.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("answer_id", ForeignKey("answers.id")),
    Column("answer", Text),
    Column("flagged", Integer, nullable=False),
    Column("draft", Text),
    Column("draft_key", Text),
    Column("changed", Double, nullable=False),
    Column("again", Text),
    Index("work_by_annotator", "annotator_id", "answer", "flagged", "draft_key", "again"),
)
"""Where an annotator stands with a task: the newest revision, the last answer, and a draft if one is newer than it.
again: JSON of why the task came back after the last answer, null if it did not."""

leases = Table(
    "leases",
    metadata,
    Column("task_id", ForeignKey("tasks.id"), primary_key=True),
    Column("annotator_id", ForeignKey("annotators.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("until", Double, nullable=False),
    UniqueConstraint("annotator_id", "number"),
    Index("leases_by_until", "until"),
)
"""Every task that was handed to someone. number: from 1, in the order in which that person got them; until: Unix time
when it goes to others unless it is answered."""

priorities = Table(
    "priorities",
    metadata,
    Column("article", Text, primary_key=True),
    Column("score", Double, nullable=False),
)
"""How soon articles are wanted, those with the highest score first."""
