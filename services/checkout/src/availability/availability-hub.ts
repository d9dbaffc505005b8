import { Hub } from '@liventix/shared/sse';
import type { Deps } from '#deps';
import { readAvailability } from './read-availability.ts';

/** Live pages of events: one query per watched event and process, whatever the number of buyers. */
export function createAvailabilityHub(deps: Deps): Hub {
  return new Hub({
    event: 'availability',
    log: deps.log,
    limits: {
      total: deps.config.STREAMS_MAX,
      perAddress: deps.config.STREAMS_PER_ADDRESS_MAX,
    },
    read: async (slug) => {
      const view = await readAvailability(deps, slug);
      return view === undefined
        ? undefined
        : {
            asOf: new Date(view.as_of),
            state: JSON.stringify([view.status, view.tiers]),
            data: JSON.stringify(view),
          };
    },
  });
}
