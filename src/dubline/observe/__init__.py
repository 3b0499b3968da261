"""How a running dubline is seen from outside: logs, traces, reports of bugs, and what is counted."""
