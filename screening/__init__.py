"""What came in, and is it welcome? Knows no threads and no storage."""
