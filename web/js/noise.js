// Noise that a reader can draw again in torch: the same generator, seeded and read the same way.
import { mersenne } from 'pure-rand/generator/mersenne';

/** `count` numbers uniform on [0, 1), as torch.rand gives them in float64 on a CPU. */
export function uniform(seed, count) {
  const generator = mersenne(seed);
  const next = () => generator.next() >>> 0;
  return Array.from({ length: count }, () => ((next() & 0x1fffff) * 2 ** 32 + next()) * 2 ** -53);
}

/** `count` draws from the standard Gumbel distribution. */
export const gumbel = (seed, count) => uniform(seed, count).map((u) => -Math.log(-Math.log(u)));
