"""Clean a text, recording every removal and repair: `rules.clean` runs them, `rules.RULES` names them."""
