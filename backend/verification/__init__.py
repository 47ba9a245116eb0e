"""信息审核: the departments' answers, a verdict per field, the review desk. Nothing decides against a family by itself."""
