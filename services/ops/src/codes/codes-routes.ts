import {
  accessCodeList,
  accessCodeView,
  createAccessCodeBody,
  createPromoCodeBody,
  promoCodeList,
  promoCodeView,
} from '@liventix/contracts/api/codes';
import { listAccessCodes } from '@liventix/domain/codes/access-repository';
import { listPromoCodes } from '@liventix/domain/codes/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import { toAccessCodeView, toPromoCodeView } from '#codes/code-view';
import { createAccessCode, createPromoCode } from '#codes/create-code';
import { disableCode } from '#codes/disable-code';
import type { Deps } from '#deps';
import { ownEvent } from '#events/own-event';

const params = z.object({ id: z.uuid() });
const tag = 'Codes';

const creationProblems = ['event.not_found', 'tier.not_found', 'code.taken', 'code.times_invalid'];

export function codesRoutes(app: HttpApp, deps: Deps): void {
  promoRoutes(app, deps);
  accessRoutes(app, deps);
}

function promoRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events/:id/promo-codes',
    action: 'events.write',
    summary: 'Make a promo code of an event',
    tag,
    params,
    body: createPromoCodeBody,
    answers: { 201: promoCodeView },
    problems: [...creationProblems, 'promo.amount_not_chargeable'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const promoCodeId = await createPromoCode(deps, credential, { event, body });
      return await promoOf(deps, { eventId: event.id, promoCodeId });
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id/promo-codes',
    action: 'read',
    summary: 'Promo codes of an event, newest first',
    tag,
    params,
    answers: { 200: promoCodeList },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      const promos = await listPromoCodes(deps.db.pool, { eventId: event.id });
      return { promo_codes: promos.map(toPromoCodeView) };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/promo-codes/:id/disable',
    action: 'events.write',
    summary: 'Take a promo code out of use; orders that have it keep it',
    tag,
    params,
    answers: { 200: promoCodeView },
    problems: ['promo.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const promoCodeId = knownId(id, 'promo');
      const eventId = await disableCode(deps, credential, { kind: 'promo_code', id: promoCodeId });
      return await promoOf(deps, { eventId, promoCodeId });
    },
  });
}

function accessRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events/:id/access-codes',
    action: 'events.write',
    summary: 'Make a code that shows hidden tiers of an event',
    tag,
    params,
    body: createAccessCodeBody,
    answers: { 201: accessCodeView },
    problems: creationProblems,
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const accessCodeId = await createAccessCode(deps, credential, { event, body });
      return await accessOf(deps, { eventId: event.id, accessCodeId });
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id/access-codes',
    action: 'read',
    summary: 'Access codes of an event, newest first',
    tag,
    params,
    answers: { 200: accessCodeList },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      const codes = await listAccessCodes(deps.db.pool, { eventId: event.id });
      return { access_codes: codes.map(toAccessCodeView) };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/access-codes/:id/disable',
    action: 'events.write',
    summary: 'Take an access code out of use; holds that it let through stay good',
    tag,
    params,
    answers: { 200: accessCodeView },
    problems: ['access_code.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const accessCodeId = knownId(id, 'access_code');
      const eventId = await disableCode(deps, credential, {
        kind: 'access_code',
        id: accessCodeId,
      });
      return await accessOf(deps, { eventId, accessCodeId });
    },
  });
}

/** An id that is none is as unknown as one that nobody has. */
function knownId(id: string, thing: 'promo' | 'access_code'): string {
  if (!z.uuid().safeParse(id).success) {
    throw notFound(thing);
  }
  return id;
}

async function promoOf(deps: Deps, of: { eventId: string; promoCodeId: string }) {
  const [promo] = await listPromoCodes(deps.db.pool, of);
  if (promo === undefined) {
    throw notFound('promo');
  }
  return toPromoCodeView(promo);
}

async function accessOf(deps: Deps, of: { eventId: string; accessCodeId: string }) {
  const [access] = await listAccessCodes(deps.db.pool, of);
  if (access === undefined) {
    throw notFound('access_code');
  }
  return toAccessCodeView(access);
}
