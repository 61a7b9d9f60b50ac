// One function of a comparison: which, at which values of its parameters.
import { number } from './address.js';
import { plain } from './numbers.js';

/** What `swish:beta=1.702` means: {slug, given: [[name, text], …]}. */
export function parse(term) {
  const [slug, ...parts] = term.trim().split(':');
  return { slug, given: parts.map((part) => part.split('=').map((text) => text.trim())) };
}

export class Chosen {
  /** `activation` is the function's module, `choices` its arguments that select a definition. */
  constructor(activation, choices) {
    this.activation = activation;
    this.choices = choices;
    this.setting = Object.fromEntries(activation.parameters.map(({ name, default: value }) => [name, value]));
    this.choice = Object.fromEntries(Object.entries(choices).map(([name, [first]]) => [name, first]));
  }

  /** Set a parameter or a choice from a text; what is wrong with it, if it cannot be. */
  set(name, text = '') {
    const { parameters, name: title } = this.activation;
    const parameter = parameters.find((known) => known.name === name);
    if (parameter) {
      const low = Math.min(parameter.low, parameter.default);
      const high = Math.max(parameter.high, parameter.default);
      const value = number(text);
      if (value === undefined) return `${title}: ${name} is no number`;
      if (value < low || value > high) return `${title}: ${name} goes from ${plain(low)} to ${plain(high)}`;
      this.setting[name] = value;
    } else if (Object.hasOwn(this.choices, name)) {
      if (!this.choices[name].includes(text)) return `${title}: ${name} is one of ${this.choices[name].join(', ')}`;
      this.choice[name] = text;
    } else {
      return `${title} has no parameter ${name}`;
    }
  }

  /** What is not at torch's default, or not at the value that the function's page shows. */
  get changes() {
    const moved = this.activation.parameters
      .filter(({ name, default: first }) => this.setting[name] !== first)
      .map(({ name, symbol }) => ({ name, value: this.setting[name], words: `${symbol} = ${plain(this.setting[name])}` }));
    const picked = Object.entries(this.choice)
      .filter(([name, value]) => value !== this.choices[name][0])
      .map(([name, value]) => ({ name, value, words: value }));
    return [...moved, ...picked];
  }

  /** The function in the address. */
  get term() {
    return [this.activation.slug, ...this.changes.map(({ name, value }) => `${name}=${value}`)].join(':');
  }

  /** Its name for readers. */
  get label() {
    return [this.activation.name, ...this.changes.map(({ words }) => words)].join(', ');
  }

  /** f, df and ddf as functions of x alone, and the places where their cases meet. */
  curve() {
    const { activation, setting } = this;
    const { variants = [], noise, evaluation } = activation;
    const picks = (variant) => Object.entries(variant.settings).every(([name, value]) => this.choice[name] === String(value));
    const { f, df, ddf, joints } = variants.find(picks) ?? activation;
    const parameters = noise ? { ...setting, [noise.name]: evaluation(setting) } : setting;
    return {
      f: (x) => f(x, parameters),
      df: (x) => df(x, parameters),
      ddf: (x) => ddf(x, parameters),
      joints: joints(parameters),
    };
  }
}
