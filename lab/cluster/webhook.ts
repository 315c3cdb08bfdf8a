import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a message of Alertmanager reports about one alert. */
export interface Notification {
  /** When it came, on the clock of `performance`. */
  readonly at: number;
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
}

export interface Webhook {
  readonly url: string;
  /** All that came so far. Alertmanager repeats what still fires when it notifies about another alert of the group. */
  readonly notifications: readonly Notification[];
  close(): void;
}

/** Whom Alertmanager notifies. */
export async function startWebhook(address: string): Promise<Webhook> {
  const notifications: Notification[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.setEncoding('utf8').toArray();
    notifications.push(...readMessage(chunks.join('')));
    response.end();
  });
  await once(server.listen(0, address), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://${address}:${port}`, notifications, close: () => closeServer(server) };
}

interface Message {
  readonly receiver: string;
  readonly alerts: readonly (Pick<Notification, 'status' | 'labels'> & {
    readonly annotations: { readonly description: string };
  })[];
}

function readMessage(text: string): Notification[] {
  const at = performance.now();
  const { receiver, alerts }: Message = JSON.parse(text);
  return alerts.map(({ status, labels, annotations: { description } }) => ({
    ...{ at, receiver, status, labels, description },
  }));
}

/** Alertmanager keeps its connections open. */
function closeServer(server: ReturnType<typeof createServer>): void {
  server.close();
  server.closeAllConnections();
}
