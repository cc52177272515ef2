"""What is known of AWS: types, names, rights, keys, metrics, and what code asks of it; no rule, no engine."""
