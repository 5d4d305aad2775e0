"""The command line: the only room that prints, exits or reads its arguments."""
