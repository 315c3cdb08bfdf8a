/** From here on a normal distribution is as good. */
const many = 30;

/** How many of the events that come so often on average came. */
export function drawPoisson(mean: number, random: () => number): number {
  if (mean >= many) return Math.max(0, Math.round(mean + Math.sqrt(mean) * drawNormal(random)));
  const enough = Math.exp(-mean);
  let events = 0;
  for (let product = random(); product > enough; product *= random()) events++;
  return events;
}

/** Box and Muller. */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
