import { expect, test } from 'vitest';
import { travelsTogether } from './batch.ts';

const pace = { perSecond: 5 };

test('a mail goes alone while a minute is enough for all that wait', () => {
  expect(travelsTogether('order_confirmation', { ...pace, waiting: 300 })).toBe(false);
});

test('with more of them it goes with others', () => {
  expect(travelsTogether('order_confirmation', { ...pace, waiting: 301 })).toBe(true);
});

test('how many that are depends on what the provider takes a second', () => {
  expect(travelsTogether('order_confirmation', { perSecond: 1, waiting: 61 })).toBe(true);
});

test('what everybody of an event gets always does', () => {
  expect(travelsTogether('event_cancelled', { ...pace, waiting: 1 })).toBe(true);
});
