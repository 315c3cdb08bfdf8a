/** Lets `burst` requests through at once and one more each `interval` seconds. */
export function createTokenBucket(now: () => number = () => performance.now() / 1000) {
  let tokens: number | undefined;
  let filledAt = now();
  return {
    /** Whether one more request is allowed. */
    take({ interval, burst }: { readonly interval: number; readonly burst: number }): boolean {
      const at = now();
      tokens = Math.min(burst, (tokens ?? burst) + (at - filledAt) / interval);
      filledAt = at;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
