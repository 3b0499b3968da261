"""The reference of the API: for whoever may use it. Passers-by learn where it is."""
