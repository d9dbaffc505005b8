import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Credential, codeOf, readCode, signedBytes } from './credential.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

const claims = fc.record({
  eventId: fc.uuid(),
  ticketId: fc.uuid(),
  version: fc.nat({ max: 2 ** 31 - 1 }),
  kid: fc.integer({ min: 1, max: 32_767 }),
});

function signed(claim: Omit<Credential, 'signature'>): Credential {
  return { ...claim, signature: sign(null, signedBytes(claim), privateKey) };
}

function isGood(code: string): boolean {
  const read = readCode(code);
  return read !== undefined && verify(null, signedBytes(read), publicKey, read.signature);
}

test('a code says what was signed, in characters that QR writes densely', () => {
  fc.assert(
    fc.property(claims, (claim) => {
      const credential = signed(claim);
      const code = codeOf(credential);
      expect(code).toMatch(/^LVX2[A-Z2-7]{165}$/);
      const { signature, ...read } = readCode(code) ?? expect.fail('it was not read');
      expect(read).toEqual(claim);
      expect(Buffer.from(signature).equals(credential.signature)).toBe(true);
      expect(isGood(code)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('changing any one character makes a code worthless', () => {
  const code = codeOf(
    signed({
      eventId: '019a0000-0000-7000-8000-000000000001',
      ticketId: '019a0000-0000-7000-8000-000000000002',
      version: 1,
      kid: 1,
    }),
  );
  for (let at = 0; at < code.length; at += 1) {
    const other = code[at] === 'A' ? 'B' : 'A';
    expect(isGood(code.slice(0, at) + other + code.slice(at + 1)), `at ${at}`).toBe(false);
  }
});

test.for([
  '',
  'LVX2',
  'LVX1.k1.0199a000-0000-7000-8000-000000000001.1.mac',
  'A'.repeat(169),
  `LVX2${'A'.repeat(165)}`,
  `LVX2${'a'.repeat(165)}`,
  `LVX2${'1'.repeat(165)}`,
  `LVX2${'\0'.repeat(165)}`,
  'LVX2'.repeat(2_500),
])('%# is no code', (text) => {
  expect(isGood(text)).toBe(false);
});
