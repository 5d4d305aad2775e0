"""Words and what they translate: tokens, the dictionary, glossaries, and how two vocabularies relate."""
