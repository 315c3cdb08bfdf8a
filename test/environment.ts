/** What tests take for granted of the environment that they are started in. */
export function setup(): void {
  // Files that every user can write are trusted by none.
  process.umask(0o022);
  // Programs that tests start answer on this machine: no proxy is asked (NODE_USE_ENV_PROXY).
  const here = 'localhost,127.0.0.1,::1';
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const others = process.env[name];
    process.env[name] = others ? `${others},${here}` : here;
  }
}
