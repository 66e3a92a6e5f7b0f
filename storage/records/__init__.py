"""The values that storage keeps and gives back. No SQL here, and no address outside these."""
