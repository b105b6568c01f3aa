"""What an organisation says can be taken down: the words go, that they stood here stays."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("taken_down_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("taken_down_for", sa.String(20), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("statements") as table:
        table.drop_column("taken_down_for")
        table.drop_column("taken_down_on")
