"""Side-by-side measurements: ours against a peer or the floor, in one run on one machine; results are files."""
