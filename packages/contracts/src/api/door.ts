import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });
const exampleTicket = '01990000-0000-7000-8000-000000000002';

/** Body of POST /v1/check-ins. */
export const checkInBody = z
  .strictObject({
    /** The text inside the code. */
    code: z.string().min(1).max(1_000).optional(),
    /** Instead of a code, of a ticket that was found by name: supervisors only. */
    ticket: z.uuid().optional(),
    /** Names this scan: sent again it is the same scan, and nobody enters twice. */
    nonce: z.uuid(),
    direction: z.enum(['in', 'out']).default('in'),
    /** By the device's clock. */
    scanned_at: timestamp.optional(),
  })
  .refine((body) => (body.code === undefined) !== (body.ticket === undefined), {
    message: 'Send a code, or the id of a ticket.',
    path: ['code'],
  })
  .meta({ examples: [{ ticket: exampleTicket, nonce: '01990000-0000-7000-8000-000000000003' }] });
export type CheckInBody = z.output<typeof checkInBody>;

const outcome = z.enum([
  'admitted',
  'left',
  'already_in',
  'not_inside',
  'refunded',
  'void',
  'suspended',
  'outdated',
  'wrong_event',
  'wrong_gate',
  'too_early',
  'too_late',
  'forged',
]);

export const checkInView = z.object({
  id: z.uuid(),
  outcome,
  /** What to say to whoever stands there. */
  message: z.string(),
  at: timestamp,
  /** Whose it is; null unless the code is genuine. */
  ticket: z
    .object({
      id: z.uuid(),
      serial: z.string(),
      tier: z.string(),
      holder_name: z.string().nullable(),
    })
    .nullable(),
  /** Where and when this ticket came in before. */
  before: z.object({ gate: z.string(), at: timestamp }).nullable(),
});
export type CheckInView = z.output<typeof checkInView>;

/** Body of POST /v1/check-ins/sync: what a device decided without a network. */
export const syncBody = z
  .strictObject({
    scans: z
      .array(
        z.strictObject({
          code: z.string().min(1).max(1_000),
          nonce: z.uuid(),
          direction: z.enum(['in', 'out']).default('in'),
          scanned_at: timestamp,
          /** What the device decided, and did. */
          outcome,
        }),
      )
      .min(1)
      .max(200),
  })
  .meta({
    examples: [
      {
        scans: [
          {
            code: 'LVX2',
            nonce: '01990000-0000-7000-8000-000000000004',
            scanned_at: '2031-05-01T20:10:00+02:00',
            outcome: 'forged',
          },
        ],
      },
    ],
  });
export type SyncBody = z.output<typeof syncBody>;

export const syncView = z.object({
  scans: z.array(
    z.object({
      nonce: z.uuid(),
      /** What it comes to here; null when it could not be kept: see `problem`. */
      outcome: outcome.nullable(),
      message: z.string(),
      /** Somebody was let in who should not have been: a person is told. */
      conflict: z.boolean(),
      before: z.object({ gate: z.string(), at: timestamp }).nullable(),
      problem: z.string().nullable(),
    }),
  ),
});

/** What the manifest's JWS says (RFC 7515, EdDSA), signed by a key of the event. */
export const manifestPayload = z.object({
  iss: z.literal('liventix'),
  event: z.uuid(),
  gate: z.string(),
  issued_at: timestamp,
  /** Believe it no longer, and show its age before. */
  expires_at: timestamp,
  opens_at: timestamp,
  closes_at: timestamp,
  allows_reentry: z.boolean(),
  /** Ask with it as `since` for what has changed. */
  cursor: z.string(),
  /** Otherwise what has changed since: each row takes the place of the one before. */
  is_full: z.boolean(),
  /** Whose codes are good, by `kid`: raw Ed25519 keys in base64url. */
  keys: z.array(z.object({ kid: z.int(), x: z.string() })),
  /** `[ticket, version, state, gate, at]`. A ticket without a row is good in version 1. */
  exceptions: z.array(
    z.tuple([
      z.uuid(),
      z.int(),
      z.enum(['good', 'inside', 'used', 'refunded', 'void', 'suspended', 'wrong_gate']),
      z.string().nullable(),
      z.string().nullable(),
    ]),
  ),
});

export type SyncView = z.output<typeof syncView>;

export const manifestQuery = z.strictObject({
  since: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
});

export const manifestView = z.object({
  /** A compact JWS: see `manifestPayload`. */
  manifest: z.string(),
});

export const undoneView = z.object({ status: z.literal('undone') });

export const gateCounts = z.object({
  as_of: timestamp,
  gates: z.array(
    z.object({
      gate: z.string(),
      admitted: z.int(),
      inside: z.int(),
      refused: z.int(),
      /** Let in without a network, and should not have been. */
      conflicts: z.int(),
    }),
  ),
});

export const doorTicketList = z.object({
  tickets: z.array(
    z.object({
      id: z.uuid(),
      serial: z.string(),
      tier: z.string(),
      holder_name: z.string().nullable(),
      order: z.string(),
      status: z.enum(['valid', 'suspended', 'refunded', 'void']),
      admitted_at: timestamp.nullable(),
    }),
  ),
});

/** Body of POST /admin/v1/events/{id}/devices. */
export const createDeviceBody = z
  .strictObject({
    gate: z.string().trim().min(1).max(50),
    label: z.string().trim().min(1).max(100),
    role: z.enum(['scanner', 'supervisor']).default('scanner'),
    /** Tiers that this gate lets in; none named: all. */
    tiers: z.array(z.uuid()).max(50).default([]),
  })
  .meta({ examples: [{ gate: 'North', label: 'Phone 1' }] });
export type CreateDeviceBody = z.output<typeof createDeviceBody>;

export const deviceView = z.object({
  id: z.uuid(),
  event: z.uuid(),
  gate: z.string(),
  label: z.string(),
  role: z.enum(['scanner', 'supervisor']),
  tiers: z.array(z.uuid()),
  created_at: timestamp,
  revoked_at: timestamp.nullable(),
});
/** The key is shown this once. */
export const newDeviceView = deviceView.extend({ key: z.string() });
export const deviceList = z.object({ devices: z.array(deviceView) });

/** Body of PUT /admin/v1/events/{id}/door. */
export const doorBody = z
  .strictObject({
    opens_minutes_before: z.int().min(0).max(10_080).default(720),
    allows_reentry: z.boolean().default(false),
  })
  .meta({ examples: [{ opens_minutes_before: 120, allows_reentry: true }] });
export const doorView = z.object({ opens_minutes_before: z.int(), allows_reentry: z.boolean() });

export const rotatedView = z.object({ status: z.literal('rotated') });
