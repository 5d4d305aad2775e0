"""Split texts: a page into its two halves, a text into sentences, a sentence into clauses."""
