import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

/** A host asks itself which of its programs sends; any other address shows where its packets enter. */
export const lookAtSource: RemedyKind = {
  docs: 'look-at-packets',
  effect: 'look',
  preconditions: [],
  plan: (readings, { details, subject: { source, namespace } }) => {
    if (source === undefined) return undefined;
    const look = { ...onlyLooks, owner: ownerOf(readings), verify: ['lvs-exporter diagnose'] as const };
    return 'isOwn' in details && details.isOwn
      ? { ...look, title: `Show which program of this host sends from ${source}`, commands: [showPrograms(namespace)] }
      : {
          ...look,
          title: `Show what ${source} sends and where its packets arrive, and limit or block it there`,
          commands: [commandInNamespace(namespace, `timeout 10 tcpdump -n -e -i any -c 40 'src host ${source}'`)],
        };
  },
};

/** Its connections are answered: only the owner can decide whether they are wanted. */
export const lookAtOpener: RemedyKind = {
  docs: 'look-at-packets',
  effect: 'look',
  preconditions: ['conntrack-installed'],
  plan: (readings, { details, subject: { namespace } }) => {
    const opener = 'opener' in details ? details.opener : undefined;
    if (opener === undefined) return undefined;
    const { source = '' } = opener.subject;
    const look = { ...onlyLooks, owner: ownerOf(readings), verify: ['lvs-exporter diagnose'] as const };
    if (opener.details.sendsReplies) {
      const title = `Show the replies of ${source}, then send the requests to it through this host as well, or its replies past it`;
      return {
        ...look,
        title,
        commands: [commandInNamespace(namespace, `timeout 10 tcpdump -n -e -i any -c 40 'host ${source}'`)],
      };
    }
    return opener.details.isOwn
      ? { ...look, title: 'Show which program of this host has these connections', commands: [showPrograms(namespace)] }
      : {
          ...look,
          title: `Show which connections ${source} opened, and ask its owner whether they are intended`,
          commands: [commandInNamespace(namespace, `conntrack -L -s ${source} | head -n 40`)],
        };
  },
};

/** The programs with most sockets, each with their number. */
function showPrograms(namespace: string | undefined): string {
  const ss = commandInNamespace(namespace, 'ss -H -tunap');
  return `${ss} | grep -o 'users:(("[^"]*' | sort | uniq -c | sort -rn | head`;
}
