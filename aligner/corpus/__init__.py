"""Many pairs of documents: which goes with which, all of them aligned, one corpus out of all.

From outside: `batch.run_batch`, `pairing.pair_documents`, `release.release_corpus`.
"""
