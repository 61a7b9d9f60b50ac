// Functions made of e^t, in forms that neither overflow nor cancel far out.

/** The logistic function, 1 / (1 + e^-t). */
export const sigma = (t) => {
  if (t >= 0) return 1 / (1 + Math.exp(-t));
  const e = Math.exp(t);
  return e / (1 + e);
};

/** log(1 + e^t). */
export const softplus = (t) => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
