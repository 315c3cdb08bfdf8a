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

/** How many of `trials` came true with a probability that is small, or with many trials. */
export function drawBinomial(trials: number, probability: number, random: () => number): number {
  const mean = trials * probability;
  const drawn =
    mean >= many
      ? Math.round(mean + Math.sqrt(mean * (1 - probability)) * drawNormal(random))
      : drawPoisson(mean, random);
  return Math.min(trials, Math.max(0, drawn));
}

/** Box and Muller. */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
