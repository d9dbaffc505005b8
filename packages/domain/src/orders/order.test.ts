import { describe, expect, test } from 'vitest';
import { decideRepeat, type OrderStatus } from './order.ts';

describe('decideRepeat', () => {
  test.for<[string, OrderStatus, { key: string; hash: string }, string]>([
    ['the same request', 'pending', { key: 'k', hash: 'h' }, 'replay'],
    ['the same request, once it is paid', 'fulfilled', { key: 'k', hash: 'h' }, 'replay'],
    ['the same key for something else', 'pending', { key: 'k', hash: 'x' }, 'key_reused'],
    ['the same content again', 'pending', { key: 'l', hash: 'h' }, 'same_page'],
    ['other content', 'pending', { key: 'l', hash: 'x' }, 'other_content'],
    ['another request after payment', 'paid', { key: 'l', hash: 'h' }, 'paid'],
    ['another request after the end', 'expired', { key: 'l', hash: 'h' }, 'ended'],
    ['another request after it was given back', 'cancelled', { key: 'l', hash: 'x' }, 'ended'],
  ])('%s', ([, status, request, decision]) => {
    const order = { status, checkoutKey: 'k', checkoutHash: 'h' };
    expect(decideRepeat(order, request)).toBe(decision);
  });
});
