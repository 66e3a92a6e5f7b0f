"""What HR sees: figures from metadata, and how they are shown."""
