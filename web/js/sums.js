// The sum that the printed maps of vectors call.

/** log(Σ exp(t)) without overflow: the largest t is taken out of the sum. */
export function logSumExp(ts) {
  const top = Math.max(...ts);
  return top + Math.log(ts.reduce((total, t) => total + Math.exp(t - top), 0));
}
