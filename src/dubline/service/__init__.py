"""The service: jobs, uploads, scripts, events and people over HTTP. One folder per noun."""
