"""How speakers sound, and whose voice comes near them."""
