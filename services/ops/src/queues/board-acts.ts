/** What can be done to a queue that loses nothing: jobs tried again or sooner, a queue stopped and started. */
const safeActs: readonly RegExp[] = [
  /^\/api\/queues\/(?<queue>[^/]+)\/(?!clean\/)[^/]+\/(?<act>retry|promote)$/,
  /^\/api\/queues\/(?<queue>[^/]+)\/(?<act>retry)\/(?:failed|completed)$/,
  /^\/api\/queues\/(?<queue>[^/]+)\/(?<act>promote|pause|resume)$/,
  /^\/api\/queues\/(?<queue>[^/]+)\/job-schedulers\/[^/]+\/(?<act>run)$/,
];

/** What comes after the queue and, where it is of one job, the job: their ids are no bare words. */
const named = /^\/api\/queues\/(?<queue>[^/]+)\/(?:[^/]*[^a-z/-][^/]*\/)?(?<act>[a-z-]+)/;

/** What a write to the board would do, to which queue, and whether it is one that we let through. */
export function boardActOf(
  method: string,
  path: string,
): { readonly isSafe: boolean; readonly act: string; readonly queue: string } {
  const bare = path.split('?')[0] ?? '';
  const safe = safeActs.map((pattern) => pattern.exec(bare)).find((match) => match !== null);
  const { act = 'unknown', queue = 'all' } = (safe ?? named.exec(bare))?.groups ?? {};
  return {
    // The router takes a fragment for no part of the path.
    isSafe: safe !== undefined && method === 'PUT' && !path.includes('#'),
    act: act.slice(0, 50),
    queue: queue.slice(0, 100),
  };
}
