// The page for an address where nothing is: it offers the pages whose names are nearest to the address.
import { Search } from './search/index.js';

const SHOWN = 5;

/** Show the nearest pages in `place`, which stays hidden if there are none. */
export async function start(place) {
  const { base } = JSON.parse(document.querySelector('#__config').textContent);
  const root = new URL(base, location);
  const asked = location.pathname.replace(/\/(?:index\.html)?$|\.\w+$/, '').split('/').at(-1);
  const { docs } = await (await fetch(new URL('search/search_index.json', root))).json();
  const search = new Search(docs);
  const pages = search.find(asked).slice(0, SHOWN).map(([{ doc }]) => search.page(doc));
  for (const page of pages) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = new URL(page.location, root);
    link.textContent = page.title;
    item.append(link);
    place.querySelector('ul').append(item);
  }
  place.hidden = !pages.length;
}
