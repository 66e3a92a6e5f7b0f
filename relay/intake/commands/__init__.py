"""What a person may ask the relay by mail, one function each."""
