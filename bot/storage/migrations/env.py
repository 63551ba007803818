"""Run the steps on the connection, and in the transaction, of whoever called."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
