"""Who carries a plan out and how it survives."""
