import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@liventix/shared/testing/wait';

/** Where alerts arrive: a webhook as chats have them, which keeps what it was told. */
export interface Pager extends AsyncDisposable {
  readonly url: string;
  readonly texts: readonly string[];
  /** Waits until it is told so, and how long that took, in milliseconds. */
  hears(start: string, timeoutMs?: number): Promise<number>;
}

export async function openPager(): Promise<Pager> {
  const texts: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      texts.push(JSON.parse(Buffer.concat(chunks).toString()).text);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    texts,
    hears: async (start, timeoutMs = 60_000) => {
      const begun = performance.now();
      await waitFor(async () => texts.some((text) => text.startsWith(start)), {
        what: `the pager to hear ${start}; it heard ${texts.join(' | ')}`,
        timeoutMs,
      });
      return performance.now() - begun;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
