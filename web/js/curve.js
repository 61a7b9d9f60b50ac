// Samples functions of one number, exactly at the places where two cases meet.

/** The roles in which a function is drawn; the number of derivatives taken. */
export const ROLES = ['f', 'df', 'ddf'];

/** How many equal parts of a window a curve is sampled at. */
export const SAMPLES = 480;

const SAME = 1e-12;

/**
 * The points of a function's curve in `domain`, in unbroken stretches: [[[x, y], …], …].
 * `joints` are what the function's module says of the places where its cases meet; the curve is
 * cut where the two limits differ.
 */
export function stretches(evaluate, role, joints, domain, count = SAMPLES) {
  const [low, high] = domain;
  const inside = joints.filter((joint) => joint.x > low && joint.x < high);
  const found = [];
  let stretch = [];
  const cut = () => {
    if (stretch.length > 1) found.push(stretch);
    stretch = [];
  };
  const add = (x, y) => {
    if (Number.isFinite(y)) stretch.push([x, y]);
    else cut();
  };
  let next = 0;
  for (let i = 0; i <= count; i++) {
    const x = low + ((high - low) * i) / count;
    for (; next < inside.length && inside[next].x <= x; next++) {
      const joint = inside[next];
      const left = joint[role][0];
      const right = joint[role].at(-1);
      add(joint.x, left);
      if (Math.abs(left - right) > SAME) {
        cut();
        add(joint.x, right);
      }
    }
    if (!next || inside[next - 1].x !== x) add(x, evaluate(x));
  }
  cut();
  return found;
}

/** Where the curve has a dot: [x, y, closed]. f″ has none: it has no value where it jumps. */
export function dots(role, joints) {
  if (role === 'ddf') return [];
  return joints.flatMap((joint) => {
    const [left, value, right] = joint[role];
    if (Math.abs(left - right) <= SAME && Math.abs(left - value) <= SAME) return [];
    const open = [left, right].filter((limit, n, all) => Math.abs(limit - value) > SAME && all.indexOf(limit) === n);
    return [...open.map((limit) => [joint.x, limit, false]), [joint.x, value, true]];
  });
}

/** The least and the greatest y of some stretches, together with `extent`. */
export function extent(curves, [low, high]) {
  for (const stretch of curves) {
    for (const [, y] of stretch) {
      if (y < low) low = y;
      if (y > high) high = y;
    }
  }
  return [low, high];
}
