import { fileURLToPath } from 'node:url';
import type { StaticFiles } from '../src/server.ts';

/** What an exporter that is run from its source serves besides metrics: as `npm run build` leaves it, and the docs. */
export const files: StaticFiles = {
  assets: fileURLToPath(new URL('../dist/assets', import.meta.url)),
  docs: fileURLToPath(new URL('../docs', import.meta.url)),
};
