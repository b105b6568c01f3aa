"""That somebody looked at an address."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("record", sa.String(80), nullable=False, index=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False, index=True),
        sa.Column("page", sa.String(500), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
    )


def downgrade() -> None:
    op.drop_table("confirmations")
