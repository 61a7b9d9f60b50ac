// The printed functions of all activations in one script: for pages that are opened from a disk.

/** An activation's module. */
export const load = async (slug) => (await import(`./activations/${slug}.js`)).default;
