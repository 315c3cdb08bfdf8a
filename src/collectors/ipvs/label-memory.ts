import { markDistinct, type Sample } from '../../scrape/metric.ts';

type Labels = Sample['labels'];

/** Gives the labels themselves, or the object that the last scrape had in their place if that is equal. */
export type Recall = (labels: Labels) => Labels;

/**
 * Begins a scrape, each time it is called. joinServers() makes sure that no two real servers have equal labels. What is made of labels, as their text for a scrape, is kept with the object:
 * thousands of real servers that stay as they are need it only once.
 */
export function createLabelMemory(): () => Recall {
  let last: readonly Labels[] = [];
  return () => {
    const before = last;
    const present: Labels[] = [];
    last = present;
    return (labels) => {
      const earlier = before[present.length];
      const recalled = earlier !== undefined && areEqual(earlier, labels) ? earlier : markDistinct(labels);
      present.push(recalled);
      return recalled;
    };
  };
}

function areEqual(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
