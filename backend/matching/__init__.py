"""Pure: deferred acceptance, serial dictatorship, and the checkers that prove their results."""
