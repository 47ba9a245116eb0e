"""均衡分班: classes formed from the admitted. Comes in: confirmed children. Goes out: class lists. Not here: teachers are never set before classes."""
