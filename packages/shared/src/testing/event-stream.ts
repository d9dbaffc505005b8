import { once } from 'node:events';
import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { waitFor } from './wait.ts';

export interface StreamedEvent {
  readonly id: string;
  readonly name: string;
  /** Parsed, and of whatever shape came: tests assert on it. */
  readonly data: ReturnType<typeof JSON.parse>;
  readonly atMs: number;
}

export interface EventStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that came so far. */
  readonly events: readonly StreamedEvent[];
  /** Comments that came so far. */
  readonly beats: () => number;
  readonly retryMs: () => number | undefined;
  /** The n-th event, from 1, once it is there. */
  event(n: number): Promise<StreamedEvent>;
  /** How the stream ended: complete, or cut off. */
  readonly ended: Promise<'complete' | 'cut'>;
  /** Reads no further, as a client whose train is in a tunnel. */
  pause(): void;
  leave(): void;
}

/** A client of server-sent events on a connection of its own. */
export async function openEventStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStream> {
  const request = get(url, { agent: false, headers });
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return follow(request, response);
}

function follow(request: ClientRequest, response: IncomingMessage): EventStream {
  const events: StreamedEvent[] = [];
  let beats = 0;
  let retryMs: number | undefined;
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = fieldsOf(block);
      beats += block.startsWith(':') ? 1 : 0;
      retryMs = fields.retry === undefined ? retryMs : Number(fields.retry);
      if (fields.data !== undefined) {
        const { id = '', event: name = '' } = fields;
        events.push({ id, name, data: JSON.parse(fields.data), atMs: performance.now() });
      }
    }
  });
  const ended = new Promise<'complete' | 'cut'>((resolve) => {
    response.on('error', () => undefined);
    response.on('close', () => resolve(response.complete ? 'complete' : 'cut'));
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    beats: () => beats,
    retryMs: () => retryMs,
    ended,
    event: async (n) => await waitFor(async () => events[n - 1], { what: `event ${n}` }),
    pause: () => response.socket.pause(),
    leave: () => request.destroy(),
  };
}

interface Fields {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
}

function fieldsOf(block: string): Fields {
  const lines = block.split('\n').map((line) => {
    const [, name = '', value = ''] = /^(\w*): ?(.*)$/s.exec(line) ?? [];
    return [name, value] as const;
  });
  return Object.fromEntries(lines);
}
