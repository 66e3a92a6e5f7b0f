"""What Alembic runs: the scripts, on the connection that storage.migrating hands over."""

from __future__ import annotations

from alembic import context

from storage import schema


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=schema.metadata,
        render_as_batch=True,  # SQLite cannot alter a column in place
        transactional_ddl=True,  # neither database commits in the middle
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
