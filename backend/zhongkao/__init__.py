"""阳光中考: the exam wing."""
