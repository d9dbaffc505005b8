import { afterEach, expect, test, vi } from 'vitest';
import { knowDevice, knownDevice, knownForMs } from './known-device.ts';

const keys = { config: { MASTER_KEYS: [{ kid: 'm1', secret: 'a'.repeat(32) }] } } as Parameters<
  typeof knowDevice
>[0];
const account = { userId: '0199a000-0000-7000-8000-000000000001', passwordHash: 'of the password' };

afterEach(() => void vi.useRealTimers());

test('a browser is known to its account, and to no other', () => {
  const kept = knowDevice(keys, account);
  const other = { ...account, userId: '0199a000-0000-7000-8000-000000000002' };
  expect(knownDevice(keys, account, kept)).toMatch(/^[\da-f-]{36}$/);
  expect(knownDevice(keys, other, kept)).toBeUndefined();
});

test('each login makes another one', () => {
  const [one, other] = [knowDevice(keys, account), knowDevice(keys, account)];
  expect(knownDevice(keys, account, one)).not.toBe(knownDevice(keys, account, other));
});

test('another password makes strangers of those who knew the old one', () => {
  const kept = knowDevice(keys, account);
  expect(knownDevice(keys, { ...account, passwordHash: 'of another' }, kept)).toBeUndefined();
});

test('nobody is known for longer than half a year', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  const kept = knowDevice(keys, account);
  vi.setSystemTime(knownForMs - 1);
  expect(knownDevice(keys, account, kept)).toBeDefined();
  vi.setSystemTime(knownForMs);
  expect(knownDevice(keys, account, kept)).toBeUndefined();
});

test.for([undefined, '', 'm1', 'm1.', 'm1.AAAA', 'm2.AAAA', `m1.${'A'.repeat(200)}`, '\0'])(
  'what nobody was given is a stranger: %s',
  (kept) => {
    expect(knownDevice(keys, account, kept)).toBeUndefined();
  },
);

test('changing any one byte makes it worthless', () => {
  const [kid = '', text = ''] = knowDevice(keys, account).split('.');
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const forged = Buffer.from(bytes);
    forged[at] = (forged[at] ?? 0) ^ 1;
    const kept = `${kid}.${forged.toString('base64url')}`;
    expect(knownDevice(keys, account, kept), String(at)).toBeUndefined();
  }
});
