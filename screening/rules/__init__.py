"""The screening rules, one function each."""
