"""What documents does not own: the reader of letters on pictures, behind a Protocol; it may be absent."""
