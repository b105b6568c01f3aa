"""Which of a case's letters a letter is: the first, or one that answers what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letters") as letters:
        letters.add_column(sa.Column("n", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("letters") as letters:
        letters.alter_column("n", server_default=None)  # those that are there are the first of their cases


def downgrade() -> None:
    with op.batch_alter_table("letters") as letters:
        letters.drop_column("n")
