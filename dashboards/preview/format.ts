/** Roughly what Grafana makes of a value in a unit. */
export function format(value: number, unit = 'none', decimals?: number): string {
  if (!Number.isFinite(value)) return String(value);
  const formatter = formatters[unit] ?? short;
  return formatter(value, decimals);
}

type Formatter = (value: number, decimals?: number) => string;

const formatters: Readonly<Record<string, Formatter>> = {
  none: (value, decimals) => trim(value, decimals ?? 2),
  percentunit: (value, decimals) => `${trim(value * 100, decimals ?? 1)}%`,
  s: (value, decimals) =>
    scaled(
      value,
      [
        [1, ' s'],
        [60, ' min'],
        [3600, ' hours'],
        [86_400, ' days'],
      ],
      decimals,
      [[1e-3, ' ms']],
    ),
  bytes: (value, decimals) =>
    scaled(
      value,
      [
        [1, ' B'],
        [1024, ' KiB'],
        [1024 ** 2, ' MiB'],
        [1024 ** 3, ' GiB'],
      ],
      decimals,
    ),
  Bps: (value, decimals) =>
    scaled(
      value,
      [
        [1, ' B/s'],
        [1e3, ' kB/s'],
        [1e6, ' MB/s'],
        [1e9, ' GB/s'],
      ],
      decimals,
    ),
  cps: (value, decimals) => `${short(value, decimals)} c/s`,
  pps: (value, decimals) => `${short(value, decimals)} p/s`,
  dtdurations: (value) => (value < 60 ? `${value} seconds` : formatters.s?.(value, 1)) ?? '',
  bool_yes_no: (value) => (value === 0 ? 'No' : 'Yes'),
  dateTimeFromNow: (value) => `${trim((Date.now() - value) / 1000, 0)} seconds ago`,
};

function short(value: number, decimals?: number): string {
  return scaled(
    value,
    [
      [1, ''],
      [1e3, ' K'],
      [1e6, ' Mil'],
      [1e9, ' Bil'],
    ],
    decimals,
  );
}

function scaled(
  value: number,
  scales: readonly (readonly [number, string])[],
  decimals?: number,
  small: readonly (readonly [number, string])[] = [],
): string {
  const all = value !== 0 && Math.abs(value) < 1 ? [...small, ...scales] : scales;
  const [size, suffix] = all.findLast(([least]) => Math.abs(value) >= least) ?? all[0] ?? [1, ''];
  return `${trim(value / size, decimals ?? 2)}${suffix}`;
}

function trim(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
