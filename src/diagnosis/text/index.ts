import { count, several } from '../../readings/format.ts';
import type { FindingId } from '../facts.ts';
import type { AnyFound, Finding, Found } from '../finding.ts';
import { destinationWording } from './destinations.ts';
import { directorWording } from './director.ts';
import { queueWording } from './firewall/queues.ts';
import { refusalWording } from './firewall/refusals.ts';
import { translationWording } from './firewall/translations.ts';
import { holderWording } from './holders.ts';
import { ipvsWording } from './ipvs.ts';
import { keepalivedWording } from './keepalived.ts';
import { networkWording } from './network.ts';
import { nameSubject } from './subject.ts';
import { tableWording } from './table.ts';
import { tableSettingWording } from './table-settings.ts';
import { trafficWording } from './traffic.ts';
import { upstreamWording } from './upstream.ts';
import type { Wording, Words } from './words.ts';

/** How every finding reads: the only place that has its sentences. */
const wording: Wording<FindingId> = {
  ...tableWording,
  ...destinationWording,
  ...tableSettingWording,
  ...holderWording,
  ...directorWording,
  ...ipvsWording,
  ...upstreamWording,
  ...networkWording,
  ...trafficWording,
  ...queueWording,
  ...refusalWording,
  ...translationWording,
  ...keepalivedWording,
};

export function describeFinding(finding: Finding): Words {
  const words = wordsFor(finding);
  const { group } = finding;
  if (group === undefined) return words;
  const others = group.totalSubjects - 1;
  const unnamed = group.totalSubjects - group.worst.length;
  return {
    ...words,
    title: `${words.title}. ${others === 1 ? '1 other has' : `${count(others)} others have`} the same fault`,
    evidence: [
      ...words.evidence,
      `${several(group.totalSubjects, 'subject')}, the worst first: ${group.worst.map(nameSubject).join(', ')}${unnamed > 0 ? ` and ${count(unnamed)} more` : ''}`,
    ],
  };
}

function wordsFor<Id extends FindingId>(found: Found<Id>): Words;
function wordsFor(found: AnyFound): Words;
function wordsFor<Id extends FindingId>(found: Found<Id>): Words {
  return wording[found.id](found);
}
