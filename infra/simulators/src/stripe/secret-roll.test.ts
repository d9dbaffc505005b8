import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { fineDay } from '../http/weather.ts';
import { Deliveries } from './deliveries.ts';

test('while a secret is rolled each delivery is signed by the old and the new one', async () => {
  const seen: { body: string; signature: string }[] = [];
  const endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const signature = String(request.headers['stripe-signature']);
    seen.push({ body: Buffer.concat(chunks).toString(), signature });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`;
  const deliveries = new Deliveries([{ url, secret: 'whsec_old' }], () => fineDay);
  deliveries.emit('charge.updated', { id: 'ch_1', object: 'charge' });
  const [stored] = deliveries.events;
  const opens = (secret: string) => {
    const { body, signature } = seen.at(-1) ?? { body: '', signature: '' };
    try {
      return Stripe.webhooks.constructEvent(body, signature, secret).type;
    } catch {
      return 'refused';
    }
  };
  const deliver = async () => await deliveries.redeliver(stored ?? expect.fail(), 1);

  await deliver();
  expect([opens('whsec_old'), opens('whsec_new')]).toEqual(['charge.updated', 'refused']);
  deliveries.rollSecrets('whsec_new');
  await deliver();
  expect([opens('whsec_old'), opens('whsec_new')]).toEqual(['charge.updated', 'charge.updated']);
  deliveries.expireRolledSecrets();
  await deliver();
  expect([opens('whsec_old'), opens('whsec_new')]).toEqual(['refused', 'charge.updated']);
  deliveries.rollSecrets('whsec_newest', 0);
  await deliver();
  expect([opens('whsec_new'), opens('whsec_newest')]).toEqual(['refused', 'charge.updated']);
  deliveries.close();
  endpoint.close();
});
