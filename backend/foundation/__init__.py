"""What every room stands on: database, unit of work, tasks, audit, crypto, clock, problems, logging, the door's manners.

Comes in: nothing of the field. Goes out: tools that know no child, no school and no rule.
"""
