"""The only door from text to arrays: `gather.gather` takes two documents, the engine sees what it gives."""
