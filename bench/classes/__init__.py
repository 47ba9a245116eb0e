"""Classes side by side: our former, other ways to divide, solvers where they end, and the theoretical bound."""
