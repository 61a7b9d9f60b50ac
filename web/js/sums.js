// What the printed maps of vectors call.

/** log(Σ exp(t)) without overflow: the largest t is taken out of the sum. */
export function logSumExp(ts) {
  const top = Math.max(...ts);
  return top + Math.log(ts.reduce((total, t) => total + Math.exp(t - top), 0));
}

/** The sum of `term(j)` for j from 0 below `count`. */
export function sum(count, term) {
  let total = 0;
  for (let j = 0; j < count; j += 1) total += term(j);
  return total;
}

/** The largest `term(j)` for j from 0 below `count`. */
export function greatest(count, term) {
  return Math.max(...Array.from({ length: count }, (_, j) => term(j)));
}

/** The k-th largest number, the largest for k = 1. */
export function ranked(numbers, k) {
  return [...numbers].sort((one, other) => other - one)[k - 1];
}
