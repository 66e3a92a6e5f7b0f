"""The relay: from the SMTP port to the next host, and all that lies between."""
