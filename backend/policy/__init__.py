"""policy: each banner's rule-book as validated, versioned, hashed data."""
