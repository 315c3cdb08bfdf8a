/** The package declares the types of its whole alone. */
declare module 'systeminformation/lib/memory.js' {
  import type { Systeminformation } from 'systeminformation';

  const memory: { mem(): Promise<Systeminformation.MemData> };
  export default memory;
}
