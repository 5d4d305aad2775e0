"""Arrays in, beads with confidences out; NumPy only, no text, no models, no files."""
