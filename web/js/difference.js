// The difference of two functions, and how large it gets.
import { ROLES, SAMPLES, stretches } from './curve.js';

/** `one` minus `other`, both as {f, df, ddf, joints}, and so is the result. */
export function minus(one, other) {
  const places = [...new Set([...one.joints, ...other.joints].map(({ x }) => x))].sort((a, b) => a - b);
  const joints = places.map((x) => {
    const sides = ROLES.map((role) => {
      const [mine, theirs] = [one, other].map((curve) => valuesAt(curve, role, x));
      return [role, mine.map((value, n) => value - theirs[n])];
    });
    return { x, ...Object.fromEntries(sides) };
  });
  return { ...Object.fromEntries(ROLES.map((role) => [role, (x) => one[role](x) - other[role](x)])), joints };
}

/** The limit from the left, the value and the limit from the right. */
function valuesAt(curve, role, x) {
  const joint = curve.joints.find((known) => known.x === x);
  const value = curve[role](x);
  return joint ? [joint[role][0], value, joint[role].at(-1)] : [value, value, value];
}

/**
 * The point of a curve in `domain` that is farthest from 0, as [x, y]; undefined if there is none.
 * It is looked for among the drawn points, and between the two beside the one found.
 */
export function farthest({ curve, stretches: drawn }, role, [low, high]) {
  const found = highest(drawn);
  if (!found) return undefined;
  const step = (high - low) / SAMPLES;
  const around = [Math.max(low, found[0] - step), Math.min(high, found[0] + step)];
  return highest([[found], ...stretches(curve[role], role, curve.joints, around)]);
}

function highest(found) {
  return found.flat().reduce((best, point) => (best && Math.abs(best[1]) >= Math.abs(point[1]) ? best : point), undefined);
}
