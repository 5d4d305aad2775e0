"""What stands whatever the engine says: `confirmed` pairs of a review, its words (`carry`), rows that a key pairs."""
