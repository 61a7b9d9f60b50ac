// The part of the page's address that keeps a widget's state: the query.

/** What the address says, by name. */
export const read = () => new URLSearchParams(location.search);

/**
 * A function that writes values, by name, into the address once they rest; undefined removes one.
 * It leaves the anchor, the history's length and Material's entry in it as they are, and does
 * nothing once `place` has left the page.
 */
export function writer(place, rest = 200) {
  keepInPage();
  return (values) => {
    clearTimeout(waiting.timer);
    waiting.write = () => {
      waiting.write = undefined;
      if (!place.isConnected) return;
      const url = new URL(location.href);
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) url.searchParams.delete(name);
        else url.searchParams.set(name, value);
      }
      url.search = url.search.replace(/%2C|%3A|%3D/g, decodeURIComponent);
      if (url.href !== location.href) history.replaceState(history.state, '', url);
    };
    waiting.timer = setTimeout(waiting.write, rest);
  };
}

const waiting = {}; // the write that the address waits for

let loaded; // the query with which the page was loaded

/**
 * Links to places on the page itself lead there with the query as it is by then: Material makes
 * them absolute when it loads a page.
 */
function keepInPage() {
  if (loaded === undefined) document.addEventListener('click', follow, { capture: true });
  loaded = location.search;
}

function follow({ target }) {
  clearTimeout(waiting.timer);
  waiting.write?.();
  const link = target.closest('a[href*="#"]');
  const here = link && link.origin === location.origin && link.pathname === location.pathname;
  if (here && ['', loaded].includes(link.search)) link.search = location.search;
}

/** An activation's page, seen from a page beside the folder of all; on a disk pages are files. */
export const pageOf = (slug) => (OFFLINE ? `activations/${slug}.html` : `../activations/${slug}/`);

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
