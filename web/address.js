// The part of the page's address that keeps a widget's state: the query.

/** What the address says, by name. */
export const read = () => new URLSearchParams(location.search);

/**
 * A function that writes values, by name, into the address once they rest; undefined removes one.
 * It leaves the anchor, the history's length and Material's entry in it as they are, and does
 * nothing once `place` has left the page.
 */
export function writer(place, rest = 200) {
  let timer;
  return (values) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!place.isConnected) return;
      const url = new URL(location.href);
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) url.searchParams.delete(name);
        else url.searchParams.set(name, value);
      }
      url.search = url.search.replaceAll('%2C', ',');
      if (url.href !== location.href) history.replaceState(history.state, '', url);
    }, rest);
  };
}

/** The number that a text means, within limits; undefined if it means none. */
export function number(text, low = -Infinity, high = Infinity) {
  const value = text === null || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? Math.min(Math.max(value, low), high) : undefined;
}

/** `count` numbers with commas between them; undefined if the text is anything else. */
export function numbers(text, count) {
  const values = (text ?? '').split(',').map((part) => number(part));
  return values.length === count && !values.includes(undefined) ? values : undefined;
}
