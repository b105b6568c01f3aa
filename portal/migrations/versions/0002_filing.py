"""Filings, their cases, and what belongs to a case."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(32), primary_key=True)


def _ref(name: str, index: bool = True, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=False, index=index, primary_key=primary_key)


def _belongs_to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], ondelete="CASCADE")


def upgrade() -> None:
    _filings_and_cases()
    _what_belongs_to_a_case()
    _sessions()


def _filings_and_cases() -> None:
    op.create_table(
        "filings",
        _id(),
        sa.Column("lookup", sa.String(64), nullable=False),
        sa.UniqueConstraint("lookup"),
    )
    op.create_table(
        "cases",
        _id(),
        _ref("filing_id"),
        sa.Column("organisation", sa.String(80), nullable=False),
        sa.Column("right", sa.String(20), nullable=False),
        sa.Column("way", sa.String(80), nullable=False),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("forget_on", sa.Date(), nullable=False, index=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        _belongs_to("filings", "filing_id"),
    )
    op.create_table(
        "wraps",
        _ref("case_id", index=False, primary_key=True),
        sa.Column("holder", sa.String(48), primary_key=True),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        _belongs_to("cases", "case_id"),
    )


def _what_belongs_to_a_case() -> None:
    op.create_table(
        "letters",
        _id(),
        _ref("case_id"),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _belongs_to("cases", "case_id"),
    )
    op.create_table(
        "events",
        _id(),
        _ref("case_id", index=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("told", sa.Date()),
        sa.Column("catalogue", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        _belongs_to("cases", "case_id"),
        sa.UniqueConstraint("case_id", "n"),
    )
    op.create_table(
        "papers",
        _id(),
        _ref("case_id"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("forget_on", sa.Date(), index=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _belongs_to("cases", "case_id"),
    )


def _sessions() -> None:
    op.create_table(
        "case_sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        _ref("filing_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("idle_at", sa.Integer(), nullable=False, index=True),
        sa.Column("ends_at", sa.Integer(), nullable=False, index=True),
        _belongs_to("filings", "filing_id"),
    )


def downgrade() -> None:
    for table in ("case_sessions", "papers", "events", "letters", "wraps", "cases", "filings"):
        op.drop_table(table)
