"""Evaluates MathJSON, as the parser of `parse.mjs` reads formulas, in mpmath numbers."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
from mpmath import mpf

FUNCTIONS = {
    "sigma": lambda t: 1 / (1 + mpmath.exp(-t)),
    "Phi": mpmath.ncdf,
    "GoldenRatio": mpmath.npdf,  # the engine takes every φ for the golden ratio
    "softplus": lambda t: mpmath.log1p(mpmath.exp(t)),
    "Erf": mpmath.erf,
    "Erfc": mpmath.erfc,
}
OPERATIONS = {
    "Negate": lambda t: -t,
    "Subtract": lambda s, t=None: -s if t is None else s - t,  # a leading minus in a condition
    "Divide": lambda s, t: s / t,
    "Add": lambda *ts: mpmath.fsum(ts),
    "Abs": abs,
    "Max": max,
    "Min": min,
    "Sqrt": mpmath.sqrt,
    "Ln": mpmath.log,
    "Tanh": mpmath.tanh,
    "KroneckerDelta": lambda i, k: mpf(i == k),
    **FUNCTIONS,
}
ORDER = {
    "Less": lambda s, t: s < t,
    "LessEqual": lambda s, t: s <= t,
    "Greater": lambda s, t: s > t,
    "GreaterEqual": lambda s, t: s >= t,
}
CONSTANTS = {"e": mpmath.e, "Pi": mpmath.pi}

Env = Mapping[str, Any]


def sides(node: Any) -> list[Any]:
    """The sides of a chain of equations, without the decimal value behind a ≈ sign."""
    match node:
        case ["Equal", left, right]:
            return [left, *sides(right)]
        case ["Approx", exact, _]:
            return [exact]
    return [node]


def is_text(node: Any) -> bool:
    return isinstance(node, str) and node.startswith("'")


def evaluate(node: Any, env: Env) -> Any:
    """The value of a reading; `env` has the symbols: numbers, or nested lists of them."""
    match node:
        case int() | float():
            return mpf(repr(node))
        case str():
            return _symbol(node, env)
        case ["Delimiter", inner, *_]:
            return evaluate(inner, env)
        case ["Subscript", base, place]:
            return env[base][int(evaluate(place, env)) - 1]
        case ["Power", base, power]:
            value = evaluate(base, env)
            return mpmath.power(value, evaluate(power, env))
        case ["InvisibleOperator", *factors]:
            return _product([f for f in factors if not is_text(f)], env)
        case ["Sum", body, ["Tuple", index, low, high]]:
            first, last = (int(evaluate(end, env)) for end in (low, high))
            places = range(first, last + 1)
            return mpmath.fsum(evaluate(body, {**env, index: place}) for place in places)
        case ["Which", *cases]:
            for condition, value in zip(cases[::2], cases[1::2], strict=True):
                if holds(condition, env):
                    return evaluate(value, env)
            return mpf("nan")
        case [name, ["Delimiter", ["Sequence", *arguments], _]] if name in OPERATIONS:
            return OPERATIONS[name](*(evaluate(a, env) for a in arguments))
        case [name, *arguments] if name in OPERATIONS:
            return OPERATIONS[name](*(evaluate(a, env) for a in arguments))
    raise ValueError(f"no meaning is known for {node}")


def holds(node: Any, env: Env) -> bool:
    """Whether a condition is met; `l < x < u` is one relation of three."""
    match node:
        case "True":
            return True
        case ["Or", *parts]:
            return any(holds(part, env) for part in parts)
        case [name, *parts] if name in ORDER:
            values = [evaluate(part, env) for part in parts]
            return all(ORDER[name](s, t) for s, t in itertools.pairwise(values))
    raise ValueError(f"{node} is no condition")


def _symbol(name: str, env: Env) -> Any:
    if name in env:
        return env[name]
    if name in CONSTANTS:
        return CONSTANTS[name]
    base, _, indices = name.partition("_")
    found = env[base]
    for letter in indices:
        found = found[env[letter] - 1]
    return found


def _product(factors: Sequence[Any], env: Env) -> Any:
    """Factors side by side; a function's name takes the bracket behind it for its argument."""
    total, place = mpf(1), 0
    while place < len(factors):
        sign, power, name = _head(factors[place])
        if name in FUNCTIONS and place + 1 < len(factors):
            value = FUNCTIONS[name](evaluate(factors[place + 1], env)) ** power
            total *= sign * value
            place += 2
        else:
            total *= evaluate(factors[place], env)
            place += 1
    return total


def _head(node: Any) -> tuple[int, int, Any]:
    """Sign, power and name of `-σ` or `erfc²` before its bracket."""
    match node:
        case ["Negate", inner]:
            _, power, name = _head(inner)
            return -1, power, name
        case ["Power", str() as name, int() as power]:
            return 1, power, name
    return 1, 1, node if isinstance(node, str) else None
