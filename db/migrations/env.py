"""Alembic's entry: runs on the connection that `db.migrate` opened and locked."""

from alembic import context

from db.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    # SQLite's DDL is transactional when we begin the transaction ourselves, as `db.database` does.
    transactional_ddl=True,
    user_module_prefix="models.",
)
with context.begin_transaction():
    context.run_migrations()
