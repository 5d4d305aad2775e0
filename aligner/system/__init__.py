"""What the machine gives: threads, child processes, the installed version; and lists that grow from outside."""
