"""The mails that screening was taught with, and how it is taught; not needed at run time."""
