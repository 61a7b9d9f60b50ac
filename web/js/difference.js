// The difference of two functions, and how large it gets.
import { ROLES } from './curve.js';

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

/** The point of the drawn stretches that is farthest from 0: [x, y]; undefined if there is none. */
export function farthest(stretches) {
  let found;
  for (const point of stretches.flat()) if (!found || Math.abs(point[1]) > Math.abs(found[1])) found = point;
  return found;
}
