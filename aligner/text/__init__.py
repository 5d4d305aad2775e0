"""A text that remembers: `edits` made on the way, inline `codes` that stood in it."""
