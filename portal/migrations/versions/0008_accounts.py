"""Who works for the portal, and their visits."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("lookup", sa.String(64), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("closed_on", sa.Date(), index=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("lookup"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "account_id", sa.String(32), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("strong", sa.Boolean(), nullable=False),
        sa.Column("provider_session", sa.String(64), nullable=False, index=True),
        sa.Column("checked_at", sa.Integer(), nullable=False),
        sa.Column("idle_at", sa.Integer(), nullable=False, index=True),
        sa.Column("ends_at", sa.Integer(), nullable=False, index=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("staff_sessions")
    op.drop_table("accounts")
