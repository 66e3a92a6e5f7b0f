"""Alembic's scripts: one file below `versions` for each change of the tables."""
