"""The review of an alignment by a person: operations, their journal, the queue of doubts, and the page's server."""
