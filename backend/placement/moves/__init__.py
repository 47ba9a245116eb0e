"""Places that change hands after the publication, at the desk."""
