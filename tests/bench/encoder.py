"""Words per second of a trained encoder pipeline, beside spaCy's own transformer pipeline of the same size.

The peer has random weights, the encoder's vocabulary and spaCy's transition-based tagger; its words are cut into about
as many pieces. Time is the processor's, the best of several rounds in turn.

Run: OMP_NUM_THREADS=1 python -m tests.bench.encoder MODEL GOLD [ROUNDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example

from liwa.annotations.gold import read_gold
from liwa.passages import passages
from liwa.training.encoder.model import shim_of
from liwa.training.predict import load_model

NER = {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False,
       "hidden_width": 64, "maxout_pieces": 2, "use_upper": False}  # fmt: skip
LISTENER = {"@architectures": "spacy-transformers.TransformerListener.v1", "grad_factor": 1.0,
            "pooling": {"@layers": "reduce_mean.v1"}}  # fmt: skip
STRIDES = {"@span_getters": "spacy-transformers.strided_spans.v1", "window": 128, "stride": 96}


def write_checkpoint(nlp: Language, folder: Path) -> None:
    """Write a BERT of random weights, with the sizes and the pieces of a pipeline's encoder."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    shim = shim_of(nlp.get_pipe("tok2vec").model)  # type: ignore[attr-defined]
    sizes = shim._model.sizes
    kept = (piece[1:] if piece.startswith("\u2581") else f"##{piece}" for piece in shim.segmenter.pieces[4:])
    listed = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *filter(None, kept)])
    (folder / "vocab.txt").write_text("\n".join(listed), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False, strip_accents=False).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(listed),
        hidden_size=sizes["width"],
        num_hidden_layers=sizes["depth"],
        num_attention_heads=sizes["heads"],
        intermediate_size=sizes["inner"],
    )
    BertModel(config).save_pretrained(folder)


def peer(checkpoint: Path, labels: tuple[str, ...], text: str) -> Language:
    """Return spaCy's own pipeline over a checkpoint."""
    nlp = spacy.blank("ar")
    model = {"@architectures": "spacy-transformers.TransformerModel.v3", "name": str(checkpoint),
             "tokenizer_config": {"use_fast": True}, "get_spans": STRIDES}  # fmt: skip
    nlp.add_pipe("transformer", config={"model": model, "max_batch_items": 4096})
    tagger = nlp.add_pipe("ner", config={"model": {**NER, "tok2vec": LISTENER}})
    for label in labels:
        tagger.add_label(label)  # type: ignore[attr-defined]
    nlp.initialize(lambda: [Example.from_dict(nlp.make_doc(text), {"entities": []})])
    return nlp


def seconds(nlp: Language, texts: list[str]) -> float:
    """Return the processor's time for all texts."""
    start = time.process_time()
    for _ in nlp.pipe(texts, batch_size=128):
        pass
    return time.process_time() - start


def main() -> None:
    """Print words per second of both, and their ratio."""
    model, path, rounds = sys.argv[1], sys.argv[2], int((sys.argv[3:] or ["3"])[0])
    nlp = load_model(model)
    articles = [gold.text or "" for gold in read_gold([path])]
    texts = [text[place.start : place.end] for text in articles for place in passages(text, "paragraph")]
    words = sum(len(text.split()) for text in texts)
    with tempfile.TemporaryDirectory() as folder:
        write_checkpoint(nlp, Path(folder))
        stock = peer(Path(folder), nlp.get_pipe("ner").labels, texts[0])  # type: ignore[attr-defined]
    both = [(seconds(nlp, texts), seconds(stock, texts)) for _ in range(rounds)]
    ours, theirs = (words / min(times) for times in zip(*both, strict=True))
    print(
        f"encoder {ours:.0f}, spaCy's transformer {theirs:.0f} words per second of processor time: {ours / theirs:.1f}"
    )


if __name__ == "__main__":
    main()
