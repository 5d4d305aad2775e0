"""Turn texts into unit vectors: `load.load_encoder` gives an encoder by its name."""
