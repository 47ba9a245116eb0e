"""The queue and the clock: RQ workers and the sweeper. A door: one thin file per kind of work."""
