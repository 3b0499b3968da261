"""Many jobs asked for in one call, and looked after as one."""
