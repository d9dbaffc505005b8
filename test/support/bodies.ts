import fc from 'fast-check';
import type { JsonSchema } from './contract.ts';

/** Values that break careless code, each valid JSON. */
const hostile: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  0.1,
  1e308,
  -0,
  2 ** 53 + 2,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202eevil',
  "'; drop table orders; --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  '../../etc/passwd',
  'a'.repeat(10_000),
  'é'.repeat(3_000),
  '2026-02-30T25:61:61Z',
  '9999-12-31T23:59:59.999+23:59',
  'infinity',
  'https://evil.example/',
  'javascript:alert(1)',
  'a@b',
  `${'a'.repeat(240)}@example.com`,
  'x\r\nBcc: everyone@example.com',
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  { __proto__: { admin: true }, constructor: { prototype: {} } },
];

const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid({ version: 7 }),
  email: fc.constantFrom('delivered@resend.dev', 'ada@example.com', "o'neil+x@example.co"),
  uri: fc.webUrl(),
  'date-time': fc
    .date({ min: new Date('2025-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
};

const patterns: Readonly<Record<string, fc.Arbitrary<string>>> = {
  '^[a-z]{3}$': fc.constantFrom('eur', 'usd', 'jpy', 'kwd', 'xxx'),
};

/** A value that fits a JSON Schema of ours. */
export function valid(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) {
    return fc.constantFrom(...schema.enum);
  }
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map(valid));
  }
  switch (schema.type) {
    case 'object':
      return object(schema);
    case 'array':
      return fc.array(valid(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(schema.minimum ?? 0, -1_000),
        max: Math.min(schema.maximum ?? 1_000, 10_000),
      });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom(...hostile);
  }
}

function object(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [name, valid(part)]),
  );
  return fc.record(fields, {
    requiredKeys: Object.keys(fields).filter((name) => required.includes(name)),
  });
}

function text(schema: JsonSchema): fc.Arbitrary<string> {
  const known = texts[schema.format ?? ''] ?? patterns[schema.pattern ?? ''];
  if (known !== undefined) {
    return known;
  }
  if (schema.pattern !== undefined) {
    return fc.stringMatching(new RegExp(schema.pattern, 'u'));
  }
  return fc.string({
    unit: 'grapheme',
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 40, 60),
  });
}

/** A fitting value with one thing wrong somewhere inside. */
export function nearlyValid(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      valid(schema),
      fc.nat(),
      fc.constantFrom(...hostile),
      fc.constantFrom('replace', 'drop', 'add'),
    )
    .map(([value, where, wrong, how]) => spoil(structuredClone(value), { where, wrong, how }));
}

/** As an HTML form would send it: lists as repeated fields, everything as text. */
export function asForm(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    return String(value);
  }
  const fields = new URLSearchParams();
  for (const [name, part] of Object.entries(value)) {
    for (const one of [part].flat()) {
      fields.append(name, typeof one === 'string' ? one : JSON.stringify(one));
    }
  }
  return fields.toString();
}

interface Spoiling {
  readonly where: number;
  readonly wrong: unknown;
  readonly how: string;
}

function spoil(value: unknown, spoiling: Spoiling): unknown {
  const places = placesOf(value);
  const place = places[spoiling.where % Math.max(places.length, 1)];
  if (place === undefined) {
    return spoiling.wrong;
  }
  const { holder, key } = place;
  if (spoiling.how === 'drop') {
    Reflect.deleteProperty(holder, key);
  } else if (spoiling.how === 'add') {
    Object.assign(holder, { price_cents: 1, [`x_${key}`]: spoiling.wrong });
  } else {
    Object.assign(holder, { [key]: spoiling.wrong });
  }
  return value;
}

function placesOf(value: unknown): { holder: object; key: string }[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) => [
    { holder: value, key },
    ...placesOf(part),
  ]);
}

/** Bytes that are no such body at all, as they go over the wire. */
export const rubbish: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostile).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '',
    '{',
    '[',
    'null',
    '{"a":1}{"b":2}',
    '\u0000',
    '{"a":'.repeat(2_000),
    'a=1&b=2',
  ),
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
