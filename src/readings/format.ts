/** Made once: a format takes longer to make than thousands of numbers to write. */
const wholeNumbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const smallNumbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A number of things: `16,384`; `0.4` of few. */
export function count(value: number): string {
  return (value !== 0 && Math.abs(value) < 10 ? smallNumbers : wholeNumbers).format(value);
}

/** A part of a whole, 0 to 1: `81 %`. */
export function percent(ratio: number): string {
  const percentage = ratio * 100;
  return `${(percentage < 10 ? smallNumbers : wholeNumbers).format(percentage)} %`;
}

/** `17 s`, `2 min 6 s`, `14 min`, `2 h 5 min`, `3 d`. */
export function time(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 600) return join(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 2880) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  return `${Math.round(minutes / 1440)} d`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `734 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const exponent = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${count(value / 1000 ** exponent)} ${units[exponent]}`;
}

/** `1 real server`, `2 real servers`. */
export function several(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`;
}
