"""Why somebody asks to see the copy of an identity document, and that they may."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("reason", sa.String(40)))
    op.create_table(
        "sights",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "paper_id", sa.String(32), sa.ForeignKey("papers.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False, index=True),
        sa.Column("seen", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("sights")
    op.drop_column("tasks", "reason")
