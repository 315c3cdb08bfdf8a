type MaxDecimals = 0 | 1;

/** Loaded where it is needed: the data of Intl take 10 MB of memory. */
function formatAnyNumber(value: number, maximumFractionDigits: MaxDecimals): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits }).format(value);
}

const ordinary = { min: 1e-6, max: 1e15 };

/** As Intl.NumberFormat does in English: `16,384`. */
function formatNumber(value: number, decimals: MaxDecimals): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (!(value >= ordinary.min && value < ordinary.max)) return formatAnyNumber(value, decimals);
  // Moving the point of the decimal number, and not of the binary one, keeps a half a half.
  const rounded = Math.round(Number(`${value}e${decimals}`)) / 10 ** decimals;
  const [whole = '', fraction] = String(rounded).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number of things: `16,384`; `0.4` of few. */
export function count(value: number): string {
  return formatNumber(value, value !== 0 && Math.abs(value) < 10 ? 1 : 0);
}

/** A part of a whole, 0 to 1: `81 %`. */
export function percent(ratio: number): string {
  const percentage = ratio * 100;
  return `${formatNumber(percentage, percentage < 10 ? 1 : 0)} %`;
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
