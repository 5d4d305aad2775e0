"""What the machine gives: threads, child processes, the installed version."""
