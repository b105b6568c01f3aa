"""Lists of members that a group brings, its calendar's address, and that a group said what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("by_group", sa.String(32)))
    op.create_table(
        "imports",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "group_id", sa.String(32), sa.ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("campaign_id", sa.String(32), sa.ForeignKey("campaigns.id", ondelete="SET NULL"), index=True),
        sa.Column("organisation", sa.String(80), nullable=False),
        sa.Column("right", sa.String(20), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("forget_on", sa.Date(), nullable=False, index=True),
        sa.Column("ready", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("filed", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "feeds",
        sa.Column("group_id", sa.String(32), sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lookup", sa.String(64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("lookup", name="uq_feeds_lookup"),
    )


def downgrade() -> None:
    for table in ("feeds", "imports"):
        op.drop_table(table)
    with op.batch_alter_table("events") as batch:
        batch.drop_column("by_group")
