"""gRPC: another door to the same services, for programs that call us all day."""
