"""Groups that stand by people, their campaigns, and what people let them see."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OF_GROUP = {"accounts": True, "invitations": False}


def upgrade() -> None:
    _groups()
    _members()
    _campaigns()
    _shares()


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("page", sa.String(300), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("mandated", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.String(20), nullable=False),
        sa.Column("terms_on", sa.Date()),
        sa.Column("terms_by", sa.String(32)),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("locked", sa.LargeBinary()),
        sa.Column("ended_on", sa.Date(), index=True),
        sa.UniqueConstraint("slug", name="uq_groups_slug"),
    )


def _members() -> None:
    for table, indexed in _OF_GROUP.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("group_id", sa.String(32)))
            batch.create_foreign_key(f"fk_{table}_group_id", "groups", ["group_id"], ["id"], ondelete="CASCADE")
            if indexed:
                batch.create_index(f"ix_{table}_group_id", ["group_id"])
    op.create_table(
        "group_openings",
        sa.Column("id", sa.String(64), sa.ForeignKey("staff_sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "group_id", sa.String(32), sa.ForeignKey("groups.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("words", sa.String(8000), nullable=False),
        sa.Column("organisations", sa.String(1000), nullable=False),
        sa.Column("right", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("began_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date()),
        sa.UniqueConstraint("slug", name="uq_campaigns_slug"),
    )


def _shares() -> None:
    op.create_table(
        "shares",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("group_id", sa.String(32), sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("campaign_id", sa.String(32), sa.ForeignKey("campaigns.id", ondelete="SET NULL"), index=True),
        sa.Column("scope", sa.String(12), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
    )
    op.create_index("ix_shares_group", "shares", ["group_id", "shared_on", "case_id"])


def downgrade() -> None:
    for table in ("shares", "campaigns", "group_openings"):
        op.drop_table(table)
    for table, indexed in _OF_GROUP.items():
        with op.batch_alter_table(table) as batch:
            if indexed:
                batch.drop_index(f"ix_{table}_group_id")
            batch.drop_constraint(f"fk_{table}_group_id", type_="foreignkey")
            batch.drop_column("group_id")
    op.drop_table("groups")
