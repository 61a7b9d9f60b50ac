// Numbers as the pages write them.
const raised = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

/** A number for reading: 0.25, −1.278, 3.2·10⁻⁷, ∞; a dash where there is none. */
export function plain(value, digits = 4) {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size && (size < 1e-4 || size >= 1e6)) {
    const [mantissa, power] = value.toExponential(digits - 1).split('e');
    const top = [...String(Number(power))].map((c) => raised[c]).join('');
    return `${Number(mantissa)}·10${top}`.replace('-', '−');
  }
  return String(Number(value.toPrecision(digits))).replace('-', '−');
}

/** A text of no more than `most` letters. */
export const clipped = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The shortest decimal that is within half a `step` of the value: for addresses. */
export function short(value, step) {
  const places = Math.max(0, Math.ceil(-Math.log10(step)));
  return String(Number(value.toFixed(Math.min(places, 100))));
}
