import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const event = z.looseObject({
  level: z.string(),
  fingerprint: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  contexts: z.object({ trace: z.object({ trace_id: z.string() }).optional() }),
});
export type ReportedError = z.output<typeof event>;

export interface ErrorSink extends AsyncDisposable {
  readonly dsn: string;
  readonly events: readonly ReportedError[];
  /** Everything that came, as it came, with the headers it came with. */
  readonly raw: readonly string[];
}

/** What takes reports of errors as Sentry does, and keeps them (develop.sentry.dev/sdk/envelopes). */
export async function startErrorSink(): Promise<ErrorSink> {
  const events: ReportedError[] = [];
  const raw: string[] = [];
  const server = createServer((request, response) => {
    text(request)
      .then((body) => {
        raw.push(`${JSON.stringify(request.headers)}\n${body}`);
        const [, item = '', payload = ''] = body.split('\n');
        z.object({ type: z.literal('event') }).parse(JSON.parse(item));
        events.push(event.parse(JSON.parse(payload)));
        response.setHeader('content-type', 'application/json').end('{}');
      })
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://0123456789abcdef@127.0.0.1:${port}/42`,
    events,
    raw,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
