"""What staff did, in rows that the database neither changes nor deletes.

A batch that makes the table anew, as SQLite needs for most changes, loses the triggers: make them again behind it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ON_SQLITE = (
    "CREATE TRIGGER trail_not_changed BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END",
    "CREATE TRIGGER trail_not_deleted BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END",
    # INSERT OR REPLACE deletes without asking the one above
    "CREATE TRIGGER trail_not_replaced BEFORE INSERT ON trail WHEN EXISTS (SELECT 1 FROM trail WHERE n = NEW.n)"
    " BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END",
)
_ON_POSTGRESQL = (
    "CREATE FUNCTION trail_only_grows() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RAISE EXCEPTION 'the trail only grows'; END $$",
    "CREATE TRIGGER trail_not_changed BEFORE UPDATE OR DELETE ON trail"
    " FOR EACH ROW EXECUTE FUNCTION trail_only_grows()",
    "CREATE TRIGGER trail_not_emptied BEFORE TRUNCATE ON trail"
    " FOR EACH STATEMENT EXECUTE FUNCTION trail_only_grows()",
)


def upgrade() -> None:
    op.create_table(
        "trail",
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for statement in _ON_POSTGRESQL if _postgresql() else _ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("trail")
    if _postgresql():
        op.execute("DROP FUNCTION trail_only_grows()")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
