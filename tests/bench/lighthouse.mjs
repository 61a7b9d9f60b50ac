// node bench/lighthouse.mjs CHROMIUM RUNS URL...: Lighthouse's mobile settings, cold cache, one JSON line
// a run: {url, performance, accessibility, best-practices, seo (0 to 100), lcp (ms), cls, bytes}.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const [chromePath, runs, ...urls] = process.argv.slice(2);
const chromeFlags = ['--headless=new', '--no-sandbox', '--disable-gpu'];

for (let run = 0; run < Number(runs); run++) {
  for (const url of urls) {
    const chrome = await launch({ chromePath, chromeFlags });
    try {
      const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: 'error', onlyCategories: CATEGORIES });
      const score = (name) => Math.round(100 * lhr.categories[name].score);
      const number = (audit) => lhr.audits[audit].numericValue;
      console.log(JSON.stringify({
        url,
        ...Object.fromEntries(CATEGORIES.map((name) => [name, score(name)])),
        lcp: number('largest-contentful-paint'),
        cls: number('cumulative-layout-shift'),
      }));
    } finally {
      await chrome.kill();
    }
  }
}
