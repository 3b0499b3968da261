"""What operators measure: for Prometheus."""
