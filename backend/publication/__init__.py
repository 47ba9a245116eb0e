"""publication: runs, the checker's pass, two officials, the one switch that readers look at."""
