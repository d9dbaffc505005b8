import { erasedView, personBody } from '@liventix/contracts/api/privacy';
import { buyerKey } from '@liventix/domain/buyers';
import { personalData } from '@liventix/domain/privacy/export-repository';
import type { HttpApp } from '@liventix/shared/http';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { erasePerson } from '#privacy/erase-person';
import { exportPerson } from '#privacy/export-person';

const tag = 'Privacy';
const action = 'privacy.handle';

export function privacyRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/privacy/export',
    action,
    summary: 'All that is kept of a person, for them',
    description:
      'By their address. Make sure that it is theirs: whoever gets this learns what they bought.',
    tag,
    body: personBody,
    answers: { 200: personalData },
    handler: async ({ credential, body }) =>
      await exportPerson({ db: deps.people }, credential, buyerKey(body.email)),
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/privacy/erase',
    action,
    summary: 'Forget a person',
    description:
      'Ids and amounts stay, so the books are the same; names, addresses and the contents of mails go, for good. While something is open with them it is refused, and `details.needs` says what. docs/personal-data.md says what Stripe and Resend keep.',
    tag,
    body: personBody,
    answers: { 200: erasedView },
    problems: ['person.still_needed'],
    handler: async ({ credential, body }) => ({
      status: 'erased' as const,
      ...(await erasePerson({ db: deps.people }, credential, buyerKey(body.email))),
    }),
  });
}
