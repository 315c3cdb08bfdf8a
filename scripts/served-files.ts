import { fileURLToPath } from 'node:url';
import type { StaticFiles } from '../src/server.ts';

/** What an exporter that is run from its source serves besides metrics: as `npm run build` leaves it. */
export const files: StaticFiles = {
  assets: fileURLToPath(new URL('../dist/assets', import.meta.url)),
  docs: fileURLToPath(new URL('../dist/docs', import.meta.url)),
};
