"""Attachments without their metadata, one kind a file."""
