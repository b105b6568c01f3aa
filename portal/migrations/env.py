"""Runs the migrations on the connection that `database.migrate` gives."""

from alembic import context
from sqlmodel import SQLModel

from portal import jobs, limits, trail
from portal.accounts import models as accounts
from portal.cases import models
from portal.record import models as record

assert accounts
assert jobs
assert limits
assert models
assert record
assert trail
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
