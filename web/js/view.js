// Moves the window of a plot by mouse, wheel and touch, and never traps the page's scrolling: the
// wheel zooms only with Ctrl or ⌘ held (a trackpad's pinch counts as that), one finger only reads.

/** The window [low, high] scaled by `factor` about `centre`. */
export const scaled = ([low, high], factor, centre = (low + high) / 2) => [
  centre + (low - centre) * factor,
  centre + (high - centre) * factor,
];

/**
 * Listens on `target` and calls, with places in the units of the plot `inUnits` gives:
 * `point(px)` where the pointer reads, `pin(px)` where it was pressed and let go, `leave()`,
 * `pan(dx, dy)`, and `zoom(factor, px, py)` with a factor below 1 to zoom in.
 */
export function navigate(target, inUnits, { point, pin, leave, pan, zoom }) {
  const held = new Map(); // pointers that are down: id -> [px, py]
  let moved = false;

  const spread = () => {
    const [[ax, ay], [bx, by]] = [...held.values()];
    return { px: (ax + bx) / 2, py: (ay + by) / 2, size: Math.max(Math.hypot(ax - bx, ay - by), 1) };
  };

  target.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    held.set(event.pointerId, inUnits(event));
    moved = held.size > 1;
    if (event.pointerType === 'mouse') target.setPointerCapture(event.pointerId);
    else point(inUnits(event)[0]);
  });

  target.addEventListener('pointermove', (event) => {
    const now = inUnits(event);
    const before = held.get(event.pointerId);
    if (!before) return void point(now[0]);
    if (held.size === 2) {
      const was = spread();
      held.set(event.pointerId, now);
      const is = spread();
      pan(is.px - was.px, is.py - was.py);
      zoom(was.size / is.size, is.px, is.py);
      return;
    }
    if (event.pointerType !== 'mouse') {
      held.set(event.pointerId, now);
      point(now[0]);
      return;
    }
    if (!moved && Math.hypot(now[0] - before[0], now[1] - before[1]) < 3) return;
    moved = true;
    held.set(event.pointerId, now);
    pan(now[0] - before[0], now[1] - before[1]);
  });

  target.addEventListener('pointerup', (event) => {
    if (held.delete(event.pointerId) && !moved) pin(inUnits(event)[0]);
  });
  target.addEventListener('pointercancel', (event) => held.delete(event.pointerId));
  target.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse' && !held.size) leave();
  });

  target.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      zoom(Math.exp(Math.min(Math.max(event.deltaY * lines, -100), 100) * 0.004), ...inUnits(event));
    },
    { passive: false },
  );
}
