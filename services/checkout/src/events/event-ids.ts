import { findEventBySlug } from '@liventix/domain/events/repository';
import type { Database } from '@liventix/shared/db';

/** Slugs never change and events are never deleted, so what was found stays true. */
const rememberedMax = 10_000;

/**
 * Which event a slug names. A slug that names none is looked up each time: it may be created, and
 * nobody may fill our memory with names of their own making.
 */
export class EventIds {
  readonly #db: Database;
  readonly #known = new Map<string, string>();

  constructor(db: Database) {
    this.#db = db;
  }

  async find(slug: string): Promise<string | undefined> {
    const known = this.#known.get(slug);
    if (known !== undefined) {
      return known;
    }
    const event = await findEventBySlug(this.#db.pool, slug);
    if (event !== undefined && this.#known.size < rememberedMax) {
      this.#known.set(slug, event.id);
    }
    return event?.id;
  }
}
