// Reads ranges (low, high, count) as JSON; writes the ticks that the interactive plots draw.
import { tickStep, ticks } from 'd3-array';
import { format, precisionFixed } from 'd3-format';
import { readFileSync } from 'node:fs';
const ranges = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(ranges.map(([low, high, count]) => {
  const label = format(`.${precisionFixed(tickStep(low, high, count))}f`);
  return ticks(low, high, count).map((value) => [value, label(value || 0)]);
})));
