import {
  addPersonBody,
  changeRoleBody,
  loginLinkView,
  peopleList,
  personView,
} from '@liventix/contracts/api/people';
import { listPeople } from '@liventix/domain/access/people-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { linkPath } from '#login/link-page';
import { change, type Invited, invite, inviteAgain, resetCode } from '#people/change-people';

const params = z.object({ id: z.uuid() });
const tag = 'People and keys';
const action = 'people.write';

export function peopleRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/people',
    action,
    summary: 'Who may log in',
    tag,
    answers: { 200: peopleList },
    handler: async ({ credential }) => ({
      people: (await listPeople(deps.db.pool, credential.organizationId)).map(
        ({ hasPassword, hasCode, createdAt, seenAt, ...person }) => ({
          ...person,
          has_password: hasPassword,
          has_code: hasCode,
          created_at: createdAt.toISOString(),
          seen_at: seenAt?.toISOString() ?? null,
        }),
      ),
    }),
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/people',
    action,
    summary: 'Let somebody in',
    description:
      'The link is for them alone: they choose their password there. It works once and is shown this once.',
    tag,
    body: addPersonBody,
    answers: { 201: loginLinkView },
    problems: ['person.address_taken'],
    handler: async ({ credential, body }) => linkOf(await invite(deps, credential, body)),
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/people/:id/link',
    action,
    summary: 'A new link for somebody who forgot their password',
    tag,
    params,
    answers: { 201: loginLinkView },
    problems: ['person.not_found'],
    handler: async ({ credential, params: { id } }) =>
      linkOf(await inviteAgain(deps, credential, id)),
  });
  changeRoutes(app, deps);
}

function changeRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/people/:id/reset-code',
    action,
    summary: 'Take away a second factor whose device is lost',
    description: 'Make sure first that it is them who ask. Their sessions end.',
    tag,
    params,
    answers: { 200: personView },
    problems: ['person.not_found', 'person.oneself'],
    handler: async ({ credential, params: { id } }) => {
      await resetCode(deps, credential, id);
      return { id, status: 'changed' as const };
    },
  });
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/people/:id/role',
    action,
    summary: 'Give somebody another role',
    tag,
    params,
    body: changeRoleBody,
    answers: { 200: personView },
    problems: ['person.not_found', 'person.last_owner'],
    handler: async ({ credential, params: { id }, body: { role } }) => {
      await change(deps, credential, { userId: id, role });
      return { id, status: 'changed' as const };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/people/:id/remove',
    action,
    summary: 'Let somebody in no more',
    tag,
    params,
    answers: { 200: personView },
    problems: ['person.not_found', 'person.last_owner'],
    handler: async ({ credential, params: { id } }) => {
      await change(deps, credential, { userId: id, role: null });
      return { id, status: 'removed' as const };
    },
  });
}

function linkOf({ userId, token, expiresAt }: Invited) {
  return { id: userId, link: linkPath(token), expires_at: expiresAt.toISOString() };
}
