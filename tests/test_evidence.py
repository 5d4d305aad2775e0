"""The vectors that the scorer compares, by the default encoder."""

import numpy as np

from aligner.encode.load import load_encoder
from aligner.engine.sides import LONGEST
from aligner.gather.gather import gather
from aligner.prepare import document_of

EXACT = 3  # sentences in a span that is composed, not added up from others
SENTENCES = [
    "The river rose in the night, and by morning the lower fields were gone.",
    "Nobody had slept.",
    "My uncle counted the sheep twice, then a third time, and wrote the number on the door.",
    "Who would pay for the bridge?",
    "The council met on Friday; it decided nothing.",
    "In the school they taught us the names of every ship that had ever left the harbour.",
    "He laughed.",
    "When the train came at last, it was full of soldiers, flowers and crates of apples.",
    "She sold the house to a dentist from the city.",
    "We never spoke of it again.",
]


def test_a_span_of_any_length_is_about_the_vector_of_the_joined_text():
    encoder = load_encoder("use")
    document = document_of(SENTENCES, "en", "source")
    spans = gather(document, document, [encoder]).source.spans.astype(np.float32)
    mean = encoder.encode(SENTENCES).mean(axis=0)
    for size in range(1, LONGEST + 1):
        count = len(SENTENCES) - size + 1
        joined = encoder.encode([" ".join(SENTENCES[at : at + size]) for at in range(count)]) - mean
        joined /= np.linalg.norm(joined, axis=1, keepdims=True)
        found = spans[size - 1, :count]
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-2)
        assert np.median((found * joined).sum(axis=1)) > (0.9 if size <= EXACT else 0.7)
        assert ((found @ joined.T).argmax(axis=1) == np.arange(count)).all()
        assert not spans[size - 1, count:].any()
