import { type Device, findDevice } from '@liventix/domain/door/device-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { bearerOf } from '@liventix/shared/http/bearer';
import type { FastifyRequest } from 'fastify';

/** How long a revoked device may go on, at most. */
const knownForMs = 1_000;
const knownMax = 10_000;

/** Who scans. A device scans several times a second, so its key is looked up once in one. */
export class Devices {
  readonly #db: Database;
  readonly #known = new Map<string, { readonly device: Device; readonly at: number }>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The device that asks; with `role` only if it has that one. */
  async of(request: FastifyRequest, role?: Device['role']): Promise<Device> {
    const key = bearerOf(request);
    if (key === undefined) {
      throw refused('device.key_missing', 'Send the device\'s key as "Authorization: Bearer …".');
    }
    const device = await this.#find(key);
    if (device === undefined) {
      throw refused('device.key_invalid', 'This device is unknown or was taken out of use.');
    }
    if (role !== undefined && device.role !== role) {
      throw refused('device.forbidden', `A ${device.role} may not do this: ask a ${role}.`);
    }
    return device;
  }

  async #find(key: string): Promise<Device | undefined> {
    const known = this.#known.get(key);
    if (known !== undefined && performance.now() - known.at < knownForMs) {
      return known.device;
    }
    this.#known.delete(key);
    const device = await findDevice(this.#db.pool, key);
    if (device !== undefined) {
      if (this.#known.size >= knownMax) {
        this.#known.clear();
      }
      this.#known.set(key, { device, at: performance.now() });
    }
    return device;
  }
}

function refused(code: string, message: string): AppError {
  return new AppError(code, { message, retry: 'permanent' });
}
