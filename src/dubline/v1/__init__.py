"""The messages and clients of the gRPC API, version 1: generated from proto/ by `make proto`."""
