"""The board: live ranks. In come committed changes, out go numbered immutable snapshots that everybody reads.

One engine process follows the record, recomputes every rank several times a second and publishes; readers (web, push)
look into shared memory and know no SQL and no lock. This room judges no wish and decides no admission.
"""
