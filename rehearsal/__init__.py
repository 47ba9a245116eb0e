"""演练: a simulated city on loopback, and the driver that walks a season through the real service."""
