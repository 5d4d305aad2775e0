"""What a person does with an alignment: doubts to look at, corrections read back, confirmed pairs kept."""
