"""Align a text with its translation, sentence by sentence, offline. Start with `aligner.pipeline.align_files`."""
