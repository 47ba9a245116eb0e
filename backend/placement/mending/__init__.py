"""A confirmed fault and all its files: the corrected run, and the steps that mend them."""
