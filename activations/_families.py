"""The families that group the catalogue, in the order that the site shows them."""

# name: (title, what its members share)
FAMILIES = {
    "rectifier": (
        "Rectifiers",
        "Linear on each side of a kink: the positive part passes, the rest is cut or scaled.",
    ),
    "exponential": (
        "Exponential and softplus units",
        "An exponential bends into a line; the negative side saturates or decays.",
    ),
    "self-gated": (
        "Self-gated units",
        "The input times a gate between 0 and 1 that the same input opens.",
    ),
    "sigmoidal": (
        "Sigmoidal functions",
        "Monotone, bounded above and below: each side saturates.",
    ),
    "shrinkage": (
        "Shrinkage functions",
        "Values near zero are pulled to zero, large ones are kept or moved by a constant.",
    ),
    "linear": ("Linear", "No bend at all."),
    "softmax": (
        "Softmax and its relatives",
        "A vector in, a vector out: the outputs compete for a fixed total.",
    ),
    "gate": (
        "Gates and attention",
        "One part of the input decides how much of another part passes.",
    ),
}
