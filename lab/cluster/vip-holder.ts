import type { Cluster } from '../lab.ts';
import { holdsAddress } from './keepalived.ts';

const directors = ['director1', 'director2'];

/** Waits until the kernel of one director alone has the VIP. */
export async function seeHolder({ node, vip, see }: Cluster, holder: string): Promise<void> {
  await see(
    `${holder} alone holds the VIP`,
    async () => {
      const holds = await Promise.all(directors.map((name) => holdsAddress(node(name), vip)));
      return directors.filter((_, index) => holds[index]);
    },
    (holders) => holders.join() === holder,
    { withinSeconds: 40 },
  );
}
