"""The command line: commands that parse their options, call the core and print."""
