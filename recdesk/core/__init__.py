"""What every layer stands on: errors in words, atomic files, devices and memory. Imports nothing else of recdesk."""
