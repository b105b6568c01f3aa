"""How an organisation answered, what is counted, and what was published of it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events") as events:
        events.add_column(sa.Column("answer", sa.String(60)))
        events.add_column(sa.Column("ground", sa.String(60)))
    _count_all()
    op.create_index("ix_cases_of", "cases", ["organisation", "id"])
    op.create_table(
        "tallies",
        sa.Column("organisation", sa.String(80), primary_key=True),
        sa.Column("family", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(20), primary_key=True),
        sa.Column("measure", sa.String(80), primary_key=True),
        sa.Column("basis", sa.String(20), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_table(
        "record_versions",
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("quarter", sa.String(7), nullable=False, unique=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("catalogue", sa.String(32), nullable=False),
    )
    op.create_table(
        "record_cells",
        sa.Column("version", sa.Integer(), sa.ForeignKey("record_versions.n"), primary_key=True),
        sa.Column("family", sa.String(20), primary_key=True),
        sa.Column("measure", sa.String(80), primary_key=True),
        sa.Column("basis", sa.String(20), primary_key=True),
        sa.Column("organisation", sa.String(80), primary_key=True),
        sa.Column("key", sa.String(20), primary_key=True),
        sa.Column("shown", sa.Integer(), nullable=False),
    )
    op.create_index("ix_record_cells_of", "record_cells", ["organisation", "version", "family"])


def _count_all() -> None:
    """What was filed before counts too."""
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("counted", server_default=None)


def downgrade() -> None:
    op.drop_table("record_cells")
    op.drop_table("record_versions")
    op.drop_table("tallies")
    op.drop_index("ix_cases_of", "cases")
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("counted")
    with op.batch_alter_table("events") as events:
        events.drop_column("ground")
        events.drop_column("answer")
