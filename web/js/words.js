// How what a reader types is compared with what is there.

/** A text without accents and capitals. */
export const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Its words, folded. */
export const words = (text) => fold(text).split(/\s+/).filter(Boolean);
