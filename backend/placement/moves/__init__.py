"""Private schools, waiting lists, and places that change hands after the publication: their doors."""
