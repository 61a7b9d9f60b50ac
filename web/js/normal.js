// The standard normal distribution.

/**
 * The complementary error function, to a few units in the last place in both tails: below 1 by the
 * series of erf whose terms are all positive, from there on by Laplace's continued fraction.
 */
export function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x < 1) {
    let term = x;
    let sum = x;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * bell(x) * sum;
  }
  let rest = x;
  for (let n = Math.ceil(20 + 170 / (x * x)); n > 0; n--) rest = x + n / 2 / rest;
  return bell(x) / (Math.sqrt(Math.PI) * rest);
}

/** e^(−x²), where the square is rounded as a whole only once its larger part is through. */
function bell(x) {
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** The probability that a standard normal variable lies below t, accurate in both tails. */
export const Phi = (t) => erfc(-t / Math.SQRT2) / 2;

/** The density of a standard normal variable at t. */
export const phi = (t) => Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
