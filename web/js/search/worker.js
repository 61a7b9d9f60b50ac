// Answers what Material's page asks of its search, in the messages of Material's own worker, which this
// one stands for: of each page found the items, best first, with their marks.
import { Search, plain, telling, whole, words } from './index.js';

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
const SEEN = ['title', 'called', 'text']; // fields whose words stand in what a reader sees
let search;

const escaped = (text) => text.replace(/[&<]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Text or HTML with those words marked that were found. */
const marked = (html, found) =>
  html.replace(/<[^>]*>|&#?\w+;|[\p{L}\p{N}]+/gu, (part) => (Object.hasOwn(found, plain(part)) ? `<mark>${part}</mark>` : part));

/** The names by which a page was found, beside its title: in code only what was asked for. */
function called({ title, names = [], codes = [] }, found, met) {
  const asked = (code) => {
    const parts = telling(code);
    return met.includes(whole(code)) || (parts.length > 1 && parts.every((word) => met.includes(word)));
  };
  const spoken = names.filter((name) => words(name).some((word) => Object.hasOwn(found, word)));
  const shown = [...spoken, ...codes.filter(asked)].filter((name) => whole(name) !== whole(title));
  return shown.length ? shown.map((name) => marked(escaped(name), found)) : undefined;
}

function shown({ doc, score, found, met, missed }) {
  const seen = Object.keys(found).filter((word) => found[word].some((field) => SEEN.includes(field)));
  return {
    location: doc.location,
    score,
    title: marked(doc.title, found),
    text: marked(doc.text, found),
    tags: called(doc, found, met),
    terms: Object.fromEntries([...seen.map((word) => [word, true]), ...missed.map((word) => [word, false])]),
  };
}

function answer(query) {
  const pages = search.find(query);
  const last = words(query).at(-1);
  const begun = Object.keys(pages[0]?.[0].found ?? {}).find((word) => word.startsWith(last));
  return { items: pages.map((items) => items.map(shown)), suggest: begun ? [begun] : [] };
}

addEventListener('message', ({ data: { type, data } }) => {
  if (type === SETUP) search = new Search(data.docs);
  postMessage(type === SETUP ? { type: READY } : { type: RESULT, data: answer(data) });
});
