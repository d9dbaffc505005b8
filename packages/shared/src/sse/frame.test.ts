import { expect, test } from 'vitest';
import { eventFrame, retryFrame } from './frame.ts';

test('a frame is a whole chunk, and its own text within', () => {
  const { chunked, plain } = eventFrame({ id: '7-a', name: 'news', data: '{"place":"Zürich"}' });
  const text = 'id: 7-a\nevent: news\ndata: {"place":"Zürich"}\n\n';
  expect(plain.toString()).toBe(text);
  expect(chunked.toString()).toBe(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  expect(plain.buffer).toBe(chunked.buffer);
});

test('a hint to come back is an event of its own', () => {
  expect(retryFrame(2_500).plain.toString()).toBe('retry: 2500\n\n');
});
