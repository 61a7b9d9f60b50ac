"""python -m bench.drawings: draws all that `gen` draws of each function.

Curves with f and f′, f″, a plot for each parameter, the thumbnail, the rounding errors and the card
for sharing; the facts are found before,
since the analysis is not part of drawing. Prints the CPU time per function in ms, imports left out.
"""

import time

import torch

import activations
from activations._entry import Activation
from gen import kinds
from gen.drawing import cards
from gen.measure import files
from gen.pages.activation import rounding


def main() -> None:
    torch.set_num_threads(1)
    entries = [activations.load(slug) for slug in activations.slugs()]
    for entry in entries:  # the facts are kept from here on
        kinds.of(entry).facts()
    start = time.process_time()
    for entry in entries:
        draw(entry)
    print(1000 * (time.process_time() - start) / len(entries))


def draw(entry: Activation) -> None:
    kind = kinds.of(entry)
    thumbnail = kind.thumbnail()
    kind.drawings(kind.facts())
    rounding.part(kind, files.numerics_of(entry.slug))
    cards.card(entry.name, entry.summary, thumbnail.curves)


if __name__ == "__main__":
    main()
