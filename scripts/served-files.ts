import { fileURLToPath } from 'node:url';
import type { StaticFiles } from '../src/server.ts';

/** The files that an exporter run from its source serves in addition to metrics: as `npm run build` leaves it. */
export const files: StaticFiles = {
  assets: fileURLToPath(new URL('../dist/assets', import.meta.url)),
  docs: fileURLToPath(new URL('../dist/docs', import.meta.url)),
};
