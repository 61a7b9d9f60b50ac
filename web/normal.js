// The standard normal distribution.
import erfc from '@stdlib/math-base-special-erfc';

/** The probability that a standard normal variable lies below t, accurate in both tails. */
export const Phi = (t) => erfc(-t / Math.SQRT2) / 2;

/** The density of a standard normal variable at t. */
export const phi = (t) => Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
