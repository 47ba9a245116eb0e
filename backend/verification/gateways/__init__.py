"""What verification does not own: the departments' data exchange, behind a Protocol."""
