import { parseDuration } from '../parsers/duration.ts';
import { list, type Option } from './option.ts';

/** `100@2s`: so many a second, each for so long. */
export function rates(what: string): Option<readonly Rate[]> {
  const help = `${what}: how many new ones a second, and how long each lasts.`;
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
