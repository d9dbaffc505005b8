import { actions, roles } from '@liventix/domain/access';
import { type ListedApiKey, listApiKeys } from '@liventix/domain/access/organization-repository';
import { listPeople, type Person } from '@liventix/domain/access/people-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { page } from '#console/page';
import { badge, call, moment, table } from '#console/words';
import type { Deps } from '#deps';

export function peoplePage(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/people',
    action: 'people.write',
    render: async ({ credential: { organizationId } }) => {
      const [people, keys] = await Promise.all([
        listPeople(deps.db.pool, organizationId),
        listApiKeys(deps.db.pool, organizationId),
      ]);
      return {
        title: 'People and keys',
        body: html`<h1>People and keys</h1>${renderPeople(people)}${renderKeys(keys)}`,
      };
    },
  });
}

function renderPeople(people: readonly Person[]): Html {
  const rows = people.map(
    (
      person,
    ) => html`<tr><td>${person.name}<br><span class="quiet">${person.email}</span></td><td>${person.hasPassword ? badge('password', 'good') : badge('invited')} ${person.hasCode && badge('second factor', 'good')}</td><td>${moment(person.seenAt)}</td><td>
${call({ method: 'PUT', url: `/admin/v1/people/${person.id}/role`, label: 'Change', fields: roleField(person.role) })}
${call({ url: `/admin/v1/people/${person.id}/link`, label: 'New link', show: 'link', confirm: `Make a new link for ${person.email}? The one before works no more.` })}
${person.hasCode && call({ url: `/admin/v1/people/${person.id}/reset-code`, label: 'Take away the second factor', confirm: `Is it ${person.email} who asks, and is their device lost? They log in without a code from then on.` })}
${call({ url: `/admin/v1/people/${person.id}/remove`, label: 'Remove', confirm: `Let ${person.email} in no more?` })}</td></tr>`,
  );
  return html`<section><h2>People</h2>
${table(['Who', 'Logs in with', 'Seen', 'Role'], rows, 'Nobody may log in yet.')}
<h3>Let somebody in</h3>
${call({
  url: '/admin/v1/people',
  label: 'Make their link',
  show: 'link',
  fields: html`<label>Name<input name="name" required maxlength="200"></label><label>Mail address<input type="email" name="email" required maxlength="254"></label>${roleField('support')}`,
})}</section>`;
}

function renderKeys(keys: readonly ListedApiKey[]): Html {
  const rows = keys.map((key) => {
    const isOver = key.expiresAt !== null && key.expiresAt.getTime() <= Date.now();
    const works = key.revokedAt === null && !isOver;
    const state = works ? badge('works', 'good') : badge(isOver ? 'expired' : 'revoked');
    const scopes = key.scopes === null ? 'all of it' : key.scopes.join(', ');
    const revoke = call({
      url: `/admin/v1/api-keys/${key.id}/revoke`,
      label: 'Revoke',
      confirm: `Revoke ${key.name}? What uses it stops at once.`,
    });
    return html`<tr><td>${key.name}<br><code>${key.prefix}…</code></td><td>${key.role.replace('_', ' ')}<br><span class="quiet">${scopes}</span></td><td>${moment(key.lastUsedAt)}</td><td>${state} ${works && key.expiresAt !== null && html`<span class="quiet">until ${moment(key.expiresAt)}</span>`} ${works && revoke}</td></tr>`;
  });
  return html`<section><h2>API keys</h2>
${table(['Key', 'May', 'Used', ''], rows, 'There are no keys.')}
<h3>Make a key</h3>
${call({
  url: '/admin/v1/api-keys',
  label: 'Make it',
  show: 'key',
  fields: html`<label>Name<input name="name" required maxlength="200"></label>${roleField('read_only')}<label>Works until<input type="date" name="expires_at" value="${inAYear()}"></label>${scopeBoxes()}`,
})}</section>`;
}

/** What a key is for ends some day: a year unless somebody says otherwise. */
function inAYear(): string {
  return new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
}

/** None ticked is all that the role may do. */
function scopeBoxes(): Html {
  const boxes = actions.map(
    (action) =>
      html`<label class="check"><input type="checkbox" name="scopes[]" value="${action}"> ${action}</label>`,
  );
  return html`<fieldset><legend>Of its role only this</legend>${boxes}</fieldset>`;
}

function roleField(chosen: string): Html {
  const options = roles.map(
    (role) =>
      html`<option value="${role}"${role === chosen && html` selected`}>${role.replace('_', ' ')}</option>`,
  );
  return html`<label>Role<select name="role">${options}</select></label>`;
}
