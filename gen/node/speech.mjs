// A formula in words, by the Speech Rule Engine.
import { createRequire } from 'node:module';
import path from 'node:path';
import sre from 'speech-rule-engine';

const home = createRequire(import.meta.url).resolve('speech-rule-engine/package.json');
await sre.setupEngine({
  locale: 'en', domain: 'clearspeak', modality: 'speech', json: path.join(path.dirname(home), 'lib/mathmaps'),
});

export const speak = (mathml) => sre.toSpeech(mathml).replaceAll('normal ', '');
