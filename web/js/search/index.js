// The search: which pages and sections a question leads to, best first. It knows of each page its names
// and of each section how it begins, as `gen/site/search.py` tells them.
import MiniSearch from 'minisearch';
import { ASKED, IDLE } from './asked.js';

const WORD = /[\p{L}\p{N}]+/gu;
const NUMBER = /^\p{N}+$/u;
const LENGTHS = [4, 3, 2]; // of what may be written as one word: hard sigmoid, scaled dot-product attention
const VERSUS = /\s(?:vs\.?|versus|or)\s/i;
const COMPARE = /^compare(?:\/|\.html)$/;
const FUNCTIONS = 'activations/';
const MOST = 30; // pages found
const GENERAL = 1.5; // how much more a page counts that is not of one function
const FUNCTION = /^activations\/(\w+)(?:\/|\.html)$/;

export const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
export const words = (text) => plain(text).match(WORD) ?? [];
export const whole = (name) => words(name).join('');
const tells = (word) => !NUMBER.test(word) && !IDLE.has(word);
export const telling = (text) => words(text).filter(tells);
const text = (html) => html.replace(/<[^>]*>|&\w+;/g, ' ');
const pageOf = (doc) => doc.location.split('#')[0];
const names = (page) => [page.title, ...(page.names ?? [])].map(whole);
const others = (page) => names(page).slice(1);
const codes = (page) => (page.codes ?? []).map(whole);

// what is looked into: names as wholes, then by their words; a section has the names of its page
const FIELDS = {
  name: { boost: 40, of: (doc, page) => (doc === page ? [whole(doc.title)] : []) },
  names: { boost: 20, of: others },
  codes: { boost: 12, of: codes },
  page: { boost: 6, of: (doc, page) => (doc === page ? [] : names(page)) },
  title: { boost: 5, of: (doc) => telling(doc.title) },
  asked: { boost: 5, of: (doc) => telling(ASKED.get(doc.location.split('#')[1]) ?? '') },
  called: { boost: 4, of: (doc) => [...(doc.names ?? []), ...(doc.codes ?? [])].flatMap(telling) },
  text: { boost: 1, of: (doc) => telling(text(doc.text)) },
};
const boost = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.boost]));

/** The word with two neighbouring letters exchanged, for each two. */
const exchanged = (word) =>
  [...word.slice(1)].map((next, at) => word.slice(0, at) + next + word[at] + word.slice(at + 2));

export class Search {
  /** @param docs pages, each before its sections: location, title, text; of a page also names and codes */
  constructor(docs) {
    this.docs = new Map(docs.map((doc) => [doc.location, doc]));
    this.known = new Set();
    const pages = docs.filter((doc) => doc === this.page(doc));
    this.named = new Set(pages.flatMap((page) => [...names(page), ...codes(page)]));
    this.index = new MiniSearch({
      idField: 'location',
      fields: Object.keys(FIELDS),
      extractField: (doc, name) => FIELDS[name]?.of(doc, this.page(doc)).join(' ') ?? doc[name],
      tokenize: (list) => list.split(' '),
      processTerm: (term) => this.known.add(term) && term,
    });
    this.index.addAll(docs);
  }

  page(doc) {
    return this.docs.get(pageOf(doc)) ?? doc;
  }

  /** Whether a word that is known begins like this. */
  begins(word) {
    return this.known.has(word) || [...this.known].some((known) => known.startsWith(word));
  }

  /** The word, put right if two of its letters are exchanged. */
  meant(word) {
    if (this.begins(word)) return word;
    const near = exchanged(word);
    return near.find((other) => this.named.has(other)) ?? near.find((other) => this.known.has(other)) ?? word;
  }

  /** What a question asks for: words, and names as one word, as they were typed; and further words. */
  read(query) {
    const typed = words(query).map((word) => this.meant(word));
    const asked = new Map();
    const further = [];
    for (let from = 0; from < typed.length; ) {
      const runs = LENGTHS.map((length) => typed.slice(from, from + length)).filter((run) => run.length > 1);
      const name = runs.find((run) => this.named.has(run.join(''))) ?? [typed[from]];
      if (name.length > 1 || tells(name[0])) asked.set(name.join(''), name.join(' '));
      further.push(...name.filter(tells), ...runs.map((run) => run.join('')).filter((run) => this.begins(run)));
      from += name.length;
    }
    return asked.size ? { asked, further } : { asked: new Map(typed.map((word) => [word, word])), further: [] };
  }

  /** The pages found, best first: of each what was found in it, best first, and the page itself. */
  find(query) {
    const { asked, further } = this.read(query);
    const terms = new Set([...asked.keys(), ...further]);
    const letter = [...terms].join('').length === 1; // too little to look for in texts
    const results = this.index.search([...terms].join(' '), {
      processTerm: (term) => term,
      boost,
      boostDocument: (location) => (location.startsWith(FUNCTIONS) ? 1 : GENERAL),
      bm25: { k: 1.2, b: 0.2, d: 0.5 },
      fields: letter ? ['name', 'names'] : Object.keys(FIELDS),
      prefix: (term) => letter || term.length > 1,
      fuzzy: (term) => term.length > 2 && !this.begins(term) && 1,
    });
    const found = new Map();
    for (const { id, score, match, queryTerms } of results) {
      if (Object.values(match).flat().every((field) => field === 'page')) continue;
      const doc = this.docs.get(id);
      const missed = [...asked.keys()].filter((word) => !queryTerms.includes(word)).map((word) => asked.get(word));
      const item = { doc, score: (asked.size - missed.length) * 1e6 + score, found: match, met: queryTerms, missed };
      found.set(this.page(doc), [...(found.get(this.page(doc)) ?? []), item]);
    }
    for (const [page, items] of found) {
      items.sort((a, b) => b.score - a.score);
      if (!items.some(({ doc }) => doc === page)) items.push(unasked(page, 0));
    }
    const first = this.versus(query);
    const named = first.map(([{ doc }]) => this.page(doc));
    const rest = [...found].filter(([page]) => !named.includes(page)).map(([, items]) => items);
    return [...first, ...rest.sort(([a], [b]) => b.score - a.score)].slice(0, MOST);
  }

  /** The page that compares and the functions' own, if the question is of one against others. */
  versus(query) {
    const sides = query.split(VERSUS);
    const page = [...this.docs.values()].find(({ location }) => COMPARE.test(location));
    if (!page || sides.length < 2) return [];
    const functions = sides.map((side) => this.find(side)[0]).filter((found) => FUNCTION.test(found?.[0].doc.location));
    if (functions.length < sides.length) return [];
    const docs = functions.map(([{ doc }]) => doc);
    const title = `${page.title} ${docs.map((doc) => doc.title).join(', ')}`;
    const location = `${page.location}?f=${docs.map((doc) => doc.location.match(FUNCTION)[1])}`;
    return [[unasked({ ...page, title, location }, Infinity)], ...functions];
  }
}

const unasked = (doc, score) => ({ doc, score, found: {}, met: [], missed: [] });
