"""What the staff have to decide, and what they decided."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEPT, DAYS = timedelta(days=90), timedelta(days=14)


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("matter", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True),
        sa.Column("contests", sa.String(32)),
        sa.Column("not_by", sa.String(32)),
        sa.Column("waits_on", sa.String(100), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date()),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("claimed_by", sa.String(32), index=True),
        sa.Column("claim_until", sa.Integer()),
        sa.Column("choice", sa.String(20)),
        sa.Column("ground", sa.String(40)),
        sa.Column("way", sa.String(80)),
        sa.Column("decided_on", sa.Date()),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("lifted_on", sa.Date()),
        sa.Column("forget_on", sa.Date(), index=True),
        sa.Column("sealed", sa.LargeBinary()),
    )
    _index("queue", ["matter", "decide_by", "id"], "decided_on IS NULL")
    _index("open", ["matter", "subject"], "decided_on IS NULL", unique=True)
    _index("waiting", ["waits_on"], "waits_on <> ''")
    _index("decided", ["decided_on"], "decided_on IS NOT NULL")
    _ask_of_reports()


def _ask_of_reports() -> None:
    """What was reported before there were tasks is to be decided like what comes after."""
    tables = op.get_bind()
    reports = sa.table("reports", sa.column("id", sa.String), sa.column("forget_on", sa.Date))
    rows = [
        {
            "id": id_,
            "matter": "reported",
            "subject": id_,
            "waits_on": "",
            "urgent": False,
            "opened_on": forget_on - KEPT,
            "decide_by": forget_on - KEPT + DAYS,
            "forget_on": forget_on,
        }
        for id_, forget_on in tables.execute(sa.select(reports.c.id, reports.c.forget_on))
    ]
    if rows:
        names = ("id", "matter", "subject", "waits_on", "urgent", "opened_on", "decide_by", "forget_on")
        kinds = {"urgent": sa.Boolean, "opened_on": sa.Date, "decide_by": sa.Date, "forget_on": sa.Date}
        op.bulk_insert(sa.table("tasks", *(sa.column(name, kinds.get(name, sa.String)) for name in names)), rows)


def _index(name: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        f"ix_tasks_{name}", "tasks", columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def downgrade() -> None:
    op.drop_table("tasks")
