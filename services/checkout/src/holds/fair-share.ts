import type { PlaceHoldBody } from '@liventix/contracts/api/holds';
import { clientOf, SharedLimit } from '@liventix/shared/limits';
import type { RedisClient } from '@liventix/shared/redis';
import { refused } from '#holds/hold-errors';

/** Seconds over which a client's seats are counted: how long a hold lasts unless its event differs. */
const window = 15 * 60;

/**
 * How much of an event one client may have on hold. Who takes everything and never pays gets a
 * bounded share, and the others buy. Soft, in Redis: a shared address is no person, so the share is
 * generous, and what is sold is guarded elsewhere.
 */
export class FairShare {
  readonly #limit: SharedLimit | undefined;

  /** No limit when `seats` is 0. */
  constructor(redis: RedisClient, { seats }: { readonly seats: number }) {
    this.#limit =
      seats === 0 ? undefined : new SharedLimit({ redis, name: 'held', points: seats, window });
  }

  /** Counts the seats of a basket, runs `place`, and gives them back unless a new hold came of it. */
  async within<Placed extends { readonly isNew: boolean }>(
    asking: { readonly body: PlaceHoldBody; readonly address: string },
    place: () => Promise<Placed>,
  ): Promise<Placed> {
    const { body, address } = asking;
    const seats = body.items.reduce((sum, { quantity }) => sum + quantity, 0);
    const taking = await this.#limit?.take(keyOf(body.event, address), seats);
    if (taking?.ok === false) {
      // Refused, they were counted all the same.
      await this.giveBack({ event: body.event, address, seats });
      throw refused(
        'client.share_used',
        'Many tickets of this event are on hold from your address. Pay for them or give some back.',
        { retryAfterS: Math.ceil(taking.waitMs / 1_000) },
      );
    }
    let isNew = false;
    try {
      const placed = await place();
      isNew = placed.isNew;
      return placed;
    } finally {
      if (!isNew) {
        await this.giveBack({ event: body.event, address, seats });
      }
    }
  }

  async giveBack(given: {
    /** Slug of the event. */
    readonly event: string;
    readonly address: string;
    readonly seats: number;
  }): Promise<void> {
    await this.#limit?.giveBack(keyOf(given.event, given.address), given.seats);
  }
}

function keyOf(slug: string, address: string): string {
  return `${slug}:${clientOf(address)}`;
}
