import process from 'node:process';
import { runtimeEnvironment } from '../packaging/runtime-options.ts';

/** As the packages start Node.js. */
export const environment = { ...process.env, ...runtimeEnvironment };
