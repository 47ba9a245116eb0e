"""families: children, guardians, consents, helpers.

Comes in: a guardian's wish to register a child, with the consents first; a second guardian's claim; a helper's phone.
Goes out: children that other rooms' records hang on, and the grants by which guardians and helpers reach them. Not
here: applications, papers, and who decides anything about a school.
"""
