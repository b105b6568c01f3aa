"""What a worker must do."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False, index=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Integer()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(80)),
        sa.UniqueConstraint("kind", "subject"),
    )


def downgrade() -> None:
    op.drop_table("jobs")
