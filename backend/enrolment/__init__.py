"""入学登记: applications and their life cycle; one child has one live registration in the whole prefecture.

Comes in: a family's wish for a child, a stage and a banner; the form; the papers due; the submission before the close.
Goes out: an application that later rooms move along its states, each step written down. Not here: whether what the
family wrote is true, and which school the child goes to.
"""
