"""That a letter was written anew under another law, and that a name was unmasked for who has a task in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letters") as letters:
        letters.add_column(sa.Column("replaced_on", sa.Date()))
    with op.batch_alter_table("tasks") as tasks:
        tasks.add_column(sa.Column("unmasked_for", sa.String(32)))


def downgrade() -> None:
    with op.batch_alter_table("tasks") as tasks:
        tasks.drop_column("unmasked_for")
    with op.batch_alter_table("letters") as letters:
        letters.drop_column("replaced_on")
