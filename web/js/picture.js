// A drawing as a file: an SVG that stands alone, or a PNG of it.

/** The SVG's text with every colour and font of the page written out, on the page's paper. */
export function svgText(svg, title, page) {
  const styles = getComputedStyle(page);
  const named = (text) => text.replace(/var\((--[\w-]+)(?:,[^)]*)?\)/g, (whole, name) => styles.getPropertyValue(name).trim());
  const copy = svg.cloneNode(true);
  const [, , width, height] = copy.getAttribute('viewBox').split(' ');
  for (const [name, value] of Object.entries({ width, height, role: 'img' })) copy.setAttribute(name, value);
  copy.removeAttribute('aria-hidden');
  for (const element of copy.querySelectorAll('[style]')) element.setAttribute('style', named(element.getAttribute('style')));
  const make = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const heading = make('title');
  heading.textContent = title;
  const paper = make('rect');
  for (const [name, value] of Object.entries({ width, height, fill: named('var(--af-paper)') })) paper.setAttribute(name, value);
  copy.prepend(heading, paper);
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
