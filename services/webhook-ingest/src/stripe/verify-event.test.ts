import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { verifyEvent } from './verify-event.ts';

const secrets = ['whsec_new_0123456789abcdef', 'whsec_old_0123456789abcdef'];
const [newSecret = '', oldSecret = ''] = secrets;
const payload = JSON.stringify(
  {
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    created: 1_795_000_000,
    livemode: false,
    data: { object: { object: 'checkout.session', id: 'cs_1' } },
  },
  null,
  2,
);

function sign(
  overrides: { payload?: string; secret?: string; ageS?: number; scheme?: string } = {},
) {
  return Stripe.webhooks.generateTestHeaderString({
    payload: overrides.payload ?? payload,
    secret: overrides.secret ?? newSecret,
    timestamp: Math.floor(Date.now() / 1_000) - (overrides.ageS ?? 0),
    ...(overrides.scheme !== undefined && { scheme: overrides.scheme }),
  });
}

function verify(signature: string | undefined, body = payload) {
  return verifyEvent({ body: Buffer.from(body), signature }, secrets);
}

describe('a delivery', () => {
  test.for([
    ['the first secret', sign()],
    ['the second secret', sign({ secret: oldSecret })],
    [
      'both, as while a secret is rolled',
      `${sign({ secret: 'whsec_unknown_9876543210' })},${sign().split(',')[1]}`,
    ],
    ['a signature almost five minutes old', sign({ ageS: 290 })],
  ] as const)('signed by %s is an event', ([, signature]) => {
    expect(verify(signature)).toMatchObject({ kind: 'event', event: { id: 'evt_1' } });
  });

  test.for([
    ['no signature', undefined, 'webhook.signature_missing'],
    ['an empty signature', '', 'webhook.signature_missing'],
    ['nonsense for a signature', 'let me in', 'webhook.signature_invalid'],
    ['a foreign secret', sign({ secret: 'whsec_unknown_9876543210' }), 'webhook.signature_invalid'],
    ['only the test scheme', sign({ scheme: 'v0' }), 'webhook.signature_invalid'],
    ['a signature without its time', sign().replace(/^t=\d+,/, ''), 'webhook.signature_invalid'],
    ['a changed time', sign().replace(/^t=\d/, 't=2'), 'webhook.signature_invalid'],
    ['a valid signature of another hour', sign({ ageS: 3_600 }), 'webhook.too_old'],
    ['an old one by the second secret', sign({ ageS: 301, secret: oldSecret }), 'webhook.too_old'],
    [
      'an old and foreign signature',
      sign({ ageS: 3_600, secret: 'whsec_x' }),
      'webhook.signature_invalid',
    ],
  ] as const)('with %s is refused', ([, signature, code]) => {
    expect(verify(signature)).toEqual({ kind: 'refused', code });
  });

  test.for([
    ['not JSON', 'paid!'],
    ['a list', '[]'],
    ['null', 'null'],
    ['half an event', '{"id":"evt_1","object":"event"}'],
    [
      'a thin event',
      '{"id":"evt_1","object":"v2.core.event","type":"v1.checkout.session.completed"}',
    ],
  ] as const)('signed, but %s, is not an event', ([, body]) => {
    expect(verify(sign({ payload: body }), body)).toEqual({
      kind: 'refused',
      code: 'webhook.not_an_event',
    });
  });

  test('with any one byte changed is refused', () => {
    const signature = sign();
    for (let at = 0; at < payload.length; at += 1) {
      const body = Buffer.from(payload);
      body.writeUInt8(body.readUInt8(at) ^ 1, at);
      expect(verifyEvent({ body, signature }, secrets)).toEqual({
        kind: 'refused',
        code: 'webhook.signature_invalid',
      });
    }
  });

  test('parsed and written again is refused: the bytes are signed, not the meaning', () => {
    expect(verify(sign(), JSON.stringify(JSON.parse(payload)))).toMatchObject({ kind: 'refused' });
  });

  test('without a body is refused', () => {
    expect(verify(sign(), '')).toEqual({ kind: 'refused', code: 'webhook.signature_invalid' });
  });
});
