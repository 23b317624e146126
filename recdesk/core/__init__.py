"""What all layers use: errors and messages, atomic files, tasks, devices and memory. Imports nothing else of recdesk."""
