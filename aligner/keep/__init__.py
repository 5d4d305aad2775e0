"""A review survives a new alignment: `confirmed.keep_confirmed` keeps its pairs, `carry.carry_edits` its words."""
