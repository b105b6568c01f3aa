"""What the identity provider said once of who signed out there."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logout_messages",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("ends_at", sa.Integer(), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("logout_messages")
