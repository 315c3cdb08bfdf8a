/** Programs that tests start answer on this machine: no proxy that the environment names is asked (NODE_USE_ENV_PROXY). */
export function setup(): void {
  const here = 'localhost,127.0.0.1,::1';
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const others = process.env[name];
    process.env[name] = others ? `${others},${here}` : here;
  }
}
