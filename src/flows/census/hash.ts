/** MurmurHash3 for 32 bits, one word at a time (Austin Appleby, public domain). */

/** Takes in one word. Begin with a seed, end with {@link finish}. */
export function mix(hash: number, word: number): number {
  let scrambled = Math.imul(word, 0xcc9e2d51);
  scrambled = (scrambled << 15) | (scrambled >>> 17);
  const mixed = hash ^ Math.imul(scrambled, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

export function finish(hash: number): number {
  let last = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  last = Math.imul(last ^ (last >>> 13), 0xc2b2ae35);
  return (last ^ (last >>> 16)) >>> 0;
}

/** The hash of the first `words` words of a key. */
export function hashWords(key: Uint32Array, words: number, seed: number): number {
  let hash = seed;
  for (let i = 0; i < words; i++) hash = mix(hash, key[i] ?? 0);
  return finish(hash);
}
