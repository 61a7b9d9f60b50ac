// A drawing as a file: an SVG that stands alone, or a PNG of it.
const NOTE = 12; // height of the line with address and licence, in units of the drawing
const SCALE = 4; // pixels of a slide's PNG for each unit

const address = () => new URL(document.querySelector('link[rel="canonical"]')?.href ?? location.href);

/** Where a picture is from, and its licence. */
export function note() {
  const { host, pathname } = address();
  return `${host}${pathname} · CC BY 4.0`;
}

/**
 * Offer a plot as it is seen as a file of this form, "svg" or "png", with the page's address and the
 * licence below it.
 */
export async function take(figure, form) {
  const svg = figure.querySelector('.af-moving > svg') ?? figure.querySelector('svg');
  const text = svgText(svg, figure.querySelector('figcaption').innerText, figure, note());
  const blob = form === 'png' ? await png(text, SCALE) : new Blob([text], { type: 'image/svg+xml' });
  const name = address().pathname.split('/').filter(Boolean).at(-1);
  save(blob, `${name}-${figure.id.replace('plot-', '')}.${form}`);
}

/**
 * The SVG's text with every colour and font of the page written out, on the page's paper; below it
 * stands `line`.
 */
export function svgText(svg, title, page, line) {
  const styles = getComputedStyle(page);
  const named = (text) => text.replace(/var\((--[\w-]+)(?:,[^)]*)?\)/g, (whole, name) => styles.getPropertyValue(name).trim());
  const copy = svg.cloneNode(true);
  const [, , width, drawn] = copy.getAttribute('viewBox').split(' ').map(Number);
  const height = drawn + NOTE;
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const [name, value] of Object.entries({ width, height, role: 'img' })) copy.setAttribute(name, value);
  copy.removeAttribute('aria-hidden');
  for (const grip of copy.querySelectorAll('.af-grip')) grip.remove();
  for (const element of copy.querySelectorAll('[style]')) element.setAttribute('style', named(element.getAttribute('style')));
  const make = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const heading = make('title');
  heading.textContent = title;
  const paper = make('rect');
  for (const [name, value] of Object.entries({ width, height, fill: named('var(--af-paper)') })) paper.setAttribute(name, value);
  copy.prepend(heading, paper);
  const below = make('text');
  const style = named('font-size: 7px; font-family: var(--af-font); fill: var(--af-muted); text-anchor: end');
  for (const [name, value] of Object.entries({ x: width - 4, y: height - 4, style })) below.setAttribute(name, value);
  below.textContent = line;
  copy.append(below);
  return new XMLSerializer().serializeToString(copy);
}

/** A PNG of an SVG's text, `scale` pixels for each of its units. */
export async function png(text, scale = 2) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    await image.decode();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: image.width * scale, height: image.height * scale });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, 'image/png'));
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** Offer a blob to the reader as a file. */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
}
