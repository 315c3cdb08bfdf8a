import { parseDuration } from '../../parsers/duration.ts';
import { list, type Option } from './option.ts';

/** `100@2s`: 100 per second, each lasting 2 s. */
export function rates(what: string): Option<readonly Rate[]> {
  const help = `${what}: RATE new ones per second, each lasting DURATION (default: 0s).`;
  return list('RATE[@DURATION]', help, 'a rate and a duration such as 100@2s', parseRate);
}

export interface Rate {
  readonly perSecond: number;
  readonly durationSeconds: number;
}

function parseRate(text: string): Rate | undefined {
  const [, rate, duration = '0s'] = /^(\d+(?:\.\d+)?)(?:@(\w+))?$/.exec(text) ?? [];
  const durationSeconds = parseDuration(duration);
  return rate === undefined || durationSeconds === undefined ? undefined : { perSecond: Number(rate), durationSeconds };
}
