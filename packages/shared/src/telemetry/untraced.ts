import type { IncomingMessage } from 'node:http';

/** Probes, scrapes and polling would drown the rest; the boards poll wherever they are mounted. */
const ignored = /^\/(?:health|metrics|docs|queues|mend\/queues)(?:[/?]|$)/;

/** What has no span: that of a stream would last as long as a page is open. */
export function isUntraced({
  url = '',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  return ignored.test(url) || headers.accept === 'text/event-stream';
}
