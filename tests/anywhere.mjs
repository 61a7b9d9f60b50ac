// node anywhere.mjs BROWSER PROGRAM HOME END...: uses the site at the address HOME as a reader does,
// at two widths, in 'chrome' or 'firefox', and prints as JSON what went wrong: [[where, what], ...].
// END is what ends the address of a page: "/" where the site is served, ".html" on a disk.
import puppeteer from 'puppeteer-core';

const [browserName, executablePath, home, end] = process.argv.slice(2);
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
const PATIENCE = 10_000; // ms

const wrong = [];
let where;
const tell = (what) => wrong.push([where, what]);

const browser = await puppeteer.launch({
  browser: browserName,
  executablePath,
  args: browserName === 'chrome' ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();
page.on('console', (message) => {
  if (['error', 'warn'].includes(message.type())) tell(message.text());
});
page.on('pageerror', (error) => tell(error.message));
page.on('request', (request) => {
  if (!request.url().startsWith(home) && !/^(data|blob):/.test(request.url())) tell(`asks for ${request.url()}`);
});
page.on('requestfailed', (request) => {
  if (!request.failure()?.errorText.includes('ABORT')) tell(`could not load ${request.url()}`);
});

/** Wait until a function holds in the page; asked again from outside, since the policy forbids eval. */
async function until(words, condition, ...given) {
  const started = Date.now();
  while (Date.now() - started < PATIENCE) {
    if (await page.evaluate(condition, ...given).catch(() => false)) return;
    await new Promise((go) => setTimeout(go, 30));
  }
  throw new Error(`never: ${words}`);
}
const open = (name, query = '') => page.goto(`${home}${name}${query}`);
const there = (selector) => Boolean(document.querySelector(selector));
const drawn = (count) => [...document.querySelectorAll('.af-live .af-moving svg path')]
  .filter((path) => path.getAttribute('d')?.length > 1000).length >= count;

const STEPS = {
  'a slider moves the plot': async () => {
    await open(`activations/elu${end}`);
    await until('the plot is live', there, '.af-hero.af-live');
    await page.focus('[data-parameter=alpha]');
    await page.keyboard.press('ArrowRight');
    await until('the address keeps it', () => location.search.startsWith('?alpha='));
    await until('formulas are wide', () => document.querySelector('#definition-formula svg').getBoundingClientRect().width > 60);
    await until('the curves are drawn', drawn, 1);
  },
  'a form is there to copy': async () => {
    await open(`activations/elu${end}`);
    await until('the button is there', there, '.af-formula .af-copy');
    await page.evaluate(() => document.querySelector('.af-formula .af-copy').click());
    await until('the menu is open', there, '.af-menu:popover-open');
  },
  'vectors move': async () => {
    await open(`activations/softmax${end}`, '?x=1,2,3');
    await until('the bars are live', there, '.af-hero.af-live');
  },
  'Compare draws, and links to the pages': async () => {
    await open(`compare${end}`, '?f=relu,swish:beta=2');
    await until('two curves are drawn', () => document.querySelectorAll('.af-live .af-moving path[data-name]').length === 2);
    await page.goto(await page.evaluate(() => document.querySelector('.af-chosen a').href));
    await until('the page is there', () => Boolean(document.querySelector('h1')?.textContent.startsWith('ReLU')));
  },
  'the guide answers': async () => {
    await open(`choose${end}`, '?for=Transformer&need=alive');
    await until('it names functions', there, '.af-guide-list .af-short a');
  },
  'search finds': async () => {
    await open(end === '/' ? '' : 'index.html', '?q=hard-swish');
    await until('it is found', there, '.md-search-result__link');
    const first = await page.evaluate(() => document.querySelector('.md-search-result__link').href);
    await page.goto(first);
    await until('the page is there', () => Boolean(document.querySelector('h1')?.textContent.startsWith('Hardswish')));
  },
  'nothing is wider than the screen': async () => {
    for (const name of ['activations/gelu', 'bibliography', 'initialization', 'notebooks/hands_on']) {
      await open(`${name}${end}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) tell(`${name} is ${over} px wider`);
    }
  },
};

for (const [size, viewport] of Object.entries(SIZES)) {
  await page.setViewport(viewport);
  for (const [name, step] of Object.entries(STEPS)) {
    where = `${size}: ${name}`;
    try {
      await step();
    } catch (error) {
      tell(error.message);
    }
  }
}
await browser.close();
console.log(JSON.stringify(wrong));
