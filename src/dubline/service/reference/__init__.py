"""The reference of the API: for whoever may use it, not for passers-by."""
