import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ErrorSink extends AsyncDisposable {
  readonly dsn: string;
  /** The envelopes that came, as they came. */
  readonly envelopes: readonly string[];
  /** From now on it takes what comes and answers nothing. */
  freeze(): void;
}

/** What takes reports as Sentry does, for tests. */
export async function openErrorSink(): Promise<ErrorSink> {
  const envelopes: string[] = [];
  let isFrozen = false;
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        envelopes.push(body);
        if (!isFrozen) {
          response.end('{}');
        }
      },
      () => undefined,
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://key@127.0.0.1:${port}/1`,
    envelopes,
    freeze: () => {
      isFrozen = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The event of an envelope: its third line. */
export function eventIn(envelope: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(envelope.split('\n')[2] ?? '');
}
