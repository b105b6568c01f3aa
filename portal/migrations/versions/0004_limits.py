"""How often a network did what is limited."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_keys",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("key", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "limits",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("limits")
    op.drop_table("limit_keys")
