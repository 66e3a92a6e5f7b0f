"""What either side may see of the other: bytes in, bytes out."""
