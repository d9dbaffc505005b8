import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Doorkeeper } from './doorkeeper.ts';

let doorkeeper: Doorkeeper;

beforeEach(() => {
  vi.useFakeTimers();
  doorkeeper = new Doorkeeper(createLogger({ name: 'test', level: 'silent' }));
});
afterEach(() => {
  doorkeeper.close();
  vi.useRealTimers();
});

test('who may look no more is cut off, and asked about no more', async () => {
  const [stays, goes] = [new Socket(), new Socket()];
  const asked: string[] = [];
  doorkeeper.watch(stays, async () => asked.push('stays') > 0);
  doorkeeper.watch(goes, async () => asked.push('goes') < 0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([stays.destroyed, goes.destroyed]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual(['stays', 'goes', 'stays', 'stays']);
});

test('what comes after on the same socket is not cut off for it', async () => {
  const [socket, download] = [new Socket(), new EventEmitter()];
  doorkeeper.watch(socket, async () => false, { until: download });
  download.emit('close');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.destroyed).toBe(false);
});

test('of two on one socket each is watched, whatever becomes of the other', async () => {
  const [socket, first, second] = [new Socket(), new EventEmitter(), new EventEmitter()];
  let mayStay = true;
  doorkeeper.watch(socket, async () => mayStay, { until: first });
  doorkeeper.watch(socket, async () => true, { until: second });
  second.emit('close');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(socket.destroyed).toBe(false);
  mayStay = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(socket.destroyed).toBe(true);
});

test('one whose socket is closed before it had its turn is asked about no more', async () => {
  const [socket, queued] = [new Socket(), new EventEmitter()];
  const mayStay = vi.fn(async () => true);
  doorkeeper.watch(socket, mayStay, { until: queued });
  socket.destroy();
  await new Promise<void>((resolve) => socket.once('close', resolve));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(mayStay).not.toHaveBeenCalled();
});

test('who cannot be asked about keeps nobody else from being asked, unless the database is away', async () => {
  const [broken, goes, waits] = [new Socket(), new Socket(), new Socket()];
  let isAway = false;
  const faults = [new Error('a row that cannot be read'), new Error('Connection terminated')];
  doorkeeper.watch(broken, async () => await Promise.reject(faults[Number(isAway)]));
  doorkeeper.watch(goes, async () => false);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([broken.destroyed, goes.destroyed]).toEqual([false, true]);
  isAway = true;
  const mayStay = vi.fn(async () => true);
  doorkeeper.watch(waits, mayStay);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(mayStay).not.toHaveBeenCalled();
});

test('who left before they were watched is asked about never', async () => {
  const left = new Socket();
  left.destroy();
  await new Promise<void>((resolve) => left.once('close', resolve));
  const mayStay = vi.fn(async () => true);
  doorkeeper.watch(left, mayStay);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(mayStay).not.toHaveBeenCalled();
});
