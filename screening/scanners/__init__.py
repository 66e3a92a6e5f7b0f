"""What scanners outside the process say, as findings."""
