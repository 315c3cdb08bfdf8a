import { execFileSync } from 'node:child_process';
import { arch, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Loads modules as on a platform that koffi has no binary for. */
const withoutKoffi = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    export async function resolve(specifier, context, next) {
      if (specifier === 'koffi') throw new Error('Cannot find the native Koffi module');
      return next(specifier, context);
    }
  \`));
`)}`;

describe('loadLibc()', () => {
  it('rejects with ENOSYS, and nothing else fails, on a platform without koffi', () => {
    const program = fileURLToPath(new URL('dump-program.ts', import.meta.url));
    const parameters = ['--import', withoutKoffi, '--import', 'tsx', program];
    const outcomes = JSON.parse(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
    const failure = {
      code: 'ENOSYS',
      message: `ENOSYS: function not implemented, koffi has no binary for ${platform()} on ${arch()}`,
    };
    expect(outcomes).toEqual([failure, failure, failure, failure]);
  });
});
