"""From the outbox to the next host."""
