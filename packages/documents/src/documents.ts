import { createHash } from 'node:crypto';
import { AppError } from '@liventix/shared/errors';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import { printed, type TicketSheet } from '#tickets/ticket-sheet';

/**
 * Codes and tickets to print, rendered in a thread of their own, so that no request waits for them
 * on the event loop. Rejects with `documents.busy` when too many wait.
 */
export interface Documents {
  /** A PDF with a page for each ticket. The same sheet is the same bytes. */
  ticketsPdf(sheet: TicketSheet): Promise<Uint8Array>;
  codeSvg(code: string): Promise<string>;
  /** `scale` is in pixels a module of the code. */
  codePng(code: string, scale: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

const waitingMax = 500;
const idleMs = 60_000;
const cacheBytes = 64 * 1024 * 1024;

type Task = 'ticketsPdf' | 'codeSvg' | 'codePng';

export function createDocuments(): Documents {
  const threads = new Piscina({
    filename: new URL('./rendering/worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    maxQueue: waitingMax,
    idleTimeout: idleMs,
    // What the process preloads for its telemetry has no place in the thread.
    execArgv: [],
  });
  // The code holds the version of the credential: what was rendered of an older one is not found.
  const rendered = new LRUCache<string, Uint8Array | string, () => Promise<Uint8Array | string>>({
    maxSize: cacheBytes,
    sizeCalculation: (file) => Math.max(file.length, 1),
    fetchMethod: async (_key, _stale, { context: render }) => await render(),
  });

  async function render<File extends Uint8Array | string>(task: Task, input: unknown) {
    if (threads.queueSize >= waitingMax) {
      throw new AppError('documents.busy', {
        message: 'Too many tickets are being rendered; ask again in a moment.',
        retry: 'transient',
        dependency: true,
        details: { retryAfterS: 2 },
      });
    }
    const key = createHash('sha256')
      .update(JSON.stringify([task, input]))
      .digest('base64');
    const run = async (): Promise<File> => await threads.run(input, { name: task });
    return (await rendered.forceFetch(key, { context: run })) as File;
  }

  return {
    ticketsPdf: async (sheet) => await render<Uint8Array>('ticketsPdf', printed(sheet)),
    codeSvg: async (code) => await render<string>('codeSvg', code),
    codePng: async (code, scale) => await render<Uint8Array>('codePng', { code, scale }),
    close: async () => await threads.close(),
  };
}
