/** Lays out the program that `npm run build` built in a folder, bundled: `npx tsx packaging/lay-out-main.ts FOLDER`. */
import process from 'node:process';
import { layOut } from './lay-out.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('Expected a folder');
await layOut(process.cwd(), folder);
