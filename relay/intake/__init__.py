"""From the SMTP port to the outbox."""
