"""What all layers use: errors, messages, atomic files, tasks, devices, memory. Imports nothing else of recdesk."""
