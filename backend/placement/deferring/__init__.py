"""Children whose entry is put off: the register, and where they stay meanwhile."""
