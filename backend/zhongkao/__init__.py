"""阳光中考: plans, candidates, live choices, bands and their closings, admission, letters.

Comes in: the year's rules as data, sheets with plan units, candidates and scores, and each change of a choice. Goes out:
one published admission a session, made from exactly what was acknowledged. Not here: the live ranks (they are read from
what this room records and never decide), marking, and the scores' way from paper.
"""
