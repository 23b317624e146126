"""The Data page: preview, columns, rules, import, and what is known of each dataset."""
