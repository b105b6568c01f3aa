"""The rows of the trail by their time: to count what was done within an hour, and to find those of a day."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_trail_at", "trail", ["at"])


def downgrade() -> None:
    op.drop_index("ix_trail_at", "trail")
