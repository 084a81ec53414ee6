"""How fast and how large the relation component is beside one that makes an instance of every pair.

python -m tests.bench.relations [--mentions 80] [--documents 4] [--rounds 15]

The peer is the approach of a well-known tutorial, written anew and repaired (it passes without pairs, and its
gradients are sums): every ordered pair of entities within a distance is an instance, both its spans are gathered and
averaged anew, and one dense layer scores all types of every instance. Both have the same documents and window, and
read token vectors that a shared tok2vec has made, which costs both the same and is left out. They take turns in one
run, and each figure is a median. The last table shows memory by number of candidates.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import numpy as np
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from thinc.api import Adam, Linear, Model, Optimizer, chain, fix_random_seed
from thinc.layers import Logistic

from liwa.scheme import load_scheme
from liwa.training.relations.kernels import Array
from liwa.training.relations.model import create_relation_model
from liwa.training.relations.pipe import RelationExtractor
from liwa.training.relations.storage import relations_of, set_relations
from tests.bench.row import Row, medians

WINDOW = 100
WIDTH = 96
TARGET = 3.0
"""How much faster than the peer the component must be."""

SCHEME = load_scheme()
TYPES = list(SCHEME.relations)

Tok2Vec = Model[list[Doc], list[Array]]
Instances = list[list[tuple[Span, Span]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mentions", type=int, default=80, help="in a document")
    parser.add_argument("--documents", type=int, default=4, help="in a batch")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    nlp = pipeline()
    data = [example(nlp, options.mentions, seed) for seed in range(options.documents)]
    slow = [name for name, ratio in speeds(nlp, data, options.rounds) if ratio < TARGET]
    memory(nlp)
    sys.exit(f"slower than {TARGET} times the peer: {', '.join(slow)}" if slow else 0)


def rows() -> Iterator[Row]:
    nlp = pipeline()
    data = [example(nlp, 80, seed) for seed in range(4)]
    ours, peer, docs, sgd = component(nlp), Peer(), [e.predicted for e in data], Adam(0.001)
    steps = medians(lambda: ours.update(data, sgd=sgd), lambda: peer.update(data, sgd), rounds=15)
    found = medians(lambda: ours.predict(docs), lambda: peer.predict(docs), rounds=15)
    names = ("relations: a training step", "relations: prediction")
    for name, (mine, theirs) in zip(names, (steps, found), strict=True):
        yield Row(name, "an instance of every pair", mine, theirs, "python -m tests.bench relations")


def pipeline() -> spacy.language.Language:
    nlp = spacy.blank("ar")
    nlp.meta["liwa"] = {"scheme": SCHEME.to_dict(), "unit": "paragraph"}
    nlp.add_pipe("relations", config={"candidates": {"@misc": "liwa.Candidates.v1", "max_tokens": WINDOW}})
    component(nlp).model = create_relation_model(given_vectors())
    nlp.initialize(lambda: [example(nlp, 10, 0)])
    return nlp


def component(nlp: spacy.language.Language) -> RelationExtractor:
    return cast(RelationExtractor, nlp.get_pipe("relations"))


def given_vectors() -> Tok2Vec:
    """Return a layer in the place of a listener: the vectors stand in the documents."""
    return Model("given", lambda model, docs, is_train: ([d.tensor for d in docs], lambda d: docs), dims={"nO": WIDTH})


def example(nlp: spacy.language.Language, mentions: int, seed: int) -> Example:
    """Return an invented document with spans of one to three tokens, two to five tokens apart, and some relations."""
    draw = random.Random(seed)
    words: list[str] = []
    spans = []
    for _ in range(mentions):
        words += [f"كلمة{draw.randrange(500)}" for _ in range(draw.randint(2, 5))]
        length = draw.randint(1, 3)
        spans.append((len(words), len(words) + length, draw.choice(list(SCHEME.labels))))
        words += [f"اسم{draw.randrange(500)}" for _ in range(length)]
    docs = [Doc(nlp.vocab, words=words) for _ in range(2)]
    for doc in docs:
        doc.ents = [Span(doc, *span) for span in spans]
        doc.tensor = np.random.default_rng(seed).normal(size=(len(doc), WIDTH)).astype("float32")
    pairs = list(zip(docs[1].ents, docs[1].ents[1:], strict=False))
    links = [(h, c, kind) for h, c in pairs for kind in SCHEME.legal(h.label_, c.label_)[:1]]
    set_relations(docs[1], links)
    return Example(*docs)


def speeds(nlp: spacy.language.Language, data: list[Example], rounds: int) -> list[tuple[str, float]]:
    """Print how long each takes for a training step and for prediction; return the ratios."""
    ours = component(nlp)
    peer = Peer()
    docs = [e.predicted for e in data]
    sgd = Adam(0.001)
    runs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "training step": (lambda: ours.update(data, sgd=sgd), lambda: peer.update(data, sgd)),
        "prediction": (lambda: ours.predict(docs), lambda: peer.predict(docs)),
    }
    pairs = sum(len(its.pairs) for its in ours._training_pairs(data))
    print(f"{len(data)} documents, {len(docs[0].ents)} mentions and {len(docs[0])} tokens in each")
    print(f"liwa scores {pairs} legal candidates, the peer {sum(map(len, instances(docs)))} instances\n")
    print("| | liwa, ms | peer, ms | ratio |\n| --- | ---: | ---: | ---: |")
    ratios = []
    for name, both in runs.items():
        taken = [[timed(run) for run in both] for _ in range(rounds + 1)][1:]
        mine, theirs = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {name} | {1000 * mine:.1f} | {1000 * theirs:.1f} | {theirs / mine:.1f} |")
        ratios.append((name, theirs / mine))
    return ratios


def memory(nlp: spacy.language.Language) -> None:
    """Print the peak memory of a training step by the number of candidates, which it should be linear in."""
    ours = component(nlp)
    print("\n| mentions | candidates | peak, MB | bytes a further candidate |\n| ---: | ---: | ---: | ---: |")
    before = (0, 0.0)
    for mentions in (40, 80, 160, 320, 640):
        data = [example(nlp, mentions, 0)]
        pairs = sum(len(its.pairs) for its in ours._training_pairs(data))
        tracemalloc.start()
        ours.update(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        each = (peak - before[1]) / (pairs - before[0])
        print(f"| {mentions} | {pairs} | {peak / 2**20:.1f} | {each:.0f} |")
        before = (pairs, peak)


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


class Peer:
    """An instance for every ordered pair, pooled anew, all types scored by a dense layer."""

    def __init__(self) -> None:
        fix_random_seed(0)
        self.model: Model[list[Doc], Array] = chain(
            pair_vectors(given_vectors()), Linear(len(TYPES), 2 * WIDTH), Logistic()
        )
        self.model.layers[1].initialize()

    def predict(self, docs: list[Doc]) -> list[dict[tuple[int, int], dict[str, float]]]:
        """Return the likelihood of every type for every instance, which is what the approach keeps."""
        scores = iter(self.model.predict(docs).tolist())
        return [
            {(head.start, child.start): dict(zip(TYPES, next(scores), strict=True)) for head, child in pairs}
            for pairs in instances(docs)
        ]

    def update(self, examples: Sequence[Example], sgd: Optimizer) -> None:
        docs = [e.predicted for e in examples]
        scores, backprop = self.model.begin_update(docs)
        truths = []
        for e, pairs in zip(examples, instances(docs), strict=True):
            gold = {(h.start, c.start): kind for h, c, kind in relations_of(e.reference)}
            truths += [[gold.get((h.start, c.start)) == kind for kind in TYPES] for h, c in pairs]
        backprop(scores - np.array(truths, dtype="float32"))
        self.model.finish_update(sgd)


def instances(docs: Sequence[Doc]) -> Instances:
    return [[(a, b) for a in doc.ents for b in doc.ents if a != b and abs(b.start - a.start) <= WINDOW] for doc in docs]


def pair_vectors(tok2vec: Tok2Vec) -> Model[list[Doc], Array]:
    return Model("pair_vectors", _pair_vectors, layers=[tok2vec])


def _pair_vectors(
    model: Model[list[Doc], Array], docs: list[Doc], is_train: bool
) -> tuple[Array, Callable[[Array], Any]]:
    ops = model.ops
    tokens, back_tokens = model.layers[0](docs, is_train)
    pairs = instances(docs)
    gathered = [
        tokens[number][span.start : span.end] for number, its in enumerate(pairs) for pair in its for span in pair
    ]
    lengths = ops.asarray1i([len(rows) for rows in gathered])
    rows: Array = ops.flatten(gathered) if gathered else ops.alloc2f(0, tokens[0].shape[1])
    pooled: Array = ops.reduce_mean(rows, lengths)

    def backprop(d_pairs: Array) -> Any:
        d_rows = ops.backprop_reduce_mean(ops.as_contig(d_pairs.reshape(pooled.shape)), lengths)
        d_tokens = [ops.alloc2f(*t.shape) for t in tokens]
        row = 0
        for number, its in enumerate(pairs):
            for pair in its:
                for span in pair:
                    d_tokens[number][span.start : span.end] += d_rows[row : row + len(span)]
                    row += len(span)
        return back_tokens(d_tokens)

    return pooled.reshape(-1, 2 * rows.shape[1]), backprop


if __name__ == "__main__":
    main()
