import { Secret, TOTP } from 'otpauth';
import { formTokenIn, Visitor } from './people.ts';
import { http, type World } from './world.ts';

/** Somebody of the house whose name stands nowhere else, with a password nobody else has. */
export const staff = {
  name: 'Wilhelmina Snorkfeld',
  email: 'wilhelmina.snorkfeld@liventix.test',
  password: 'Thirteen Umbrella Thieves',
} as const;

export const staffWords = ['wilhelmina', 'snorkfeld'];

function only(pattern: RegExp, text: string): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) {
    throw new Error(`nothing there looks like ${pattern.source}`);
  }
  return found;
}

/**
 * All that leaves a trace of somebody who works here: invited, refused, logged in with both factors, at
 * work on pages, logged out. What opened something on the way: link, sessions, secret, password, key.
 */
export async function workAsStaff(world: World): Promise<readonly string[]> {
  const ops = world.stack.urls.ops;
  const token = world.stack.adminApiKey;
  const made = await http(`${ops}/admin/v1/api-keys`, {
    token,
    body: { name: 'Made while it runs', role: 'owner' },
  });
  const { key } = made.body;
  const { name, email, password } = staff;
  const invited = await http(`${ops}/admin/v1/people`, {
    token: key,
    body: { name, email, role: 'owner' },
  });
  const link: string = invited.body.link;
  const visitor = new Visitor(ops);
  const sessions: string[] = [];
  const send = async (path: string, fields: Readonly<Record<string, string>>) => {
    const answer = await visitor.post(path, fields);
    sessions.push(visitor.session ?? '');
    return await answer.text();
  };
  await visitor.get(link);
  await send(link, { password });
  await send(link, { password });
  const form_token = formTokenIn(await (await visitor.get('/account')).text());
  const offer = await send('/account/code/offer', { form_token });
  const secret = only(/<code>([A-Z2-7]{32})<\/code>/, offer);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  // This step's and the next one's: the time to send them may reach into the next step.
  const codeAt = (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 });
  await send('/account/code/confirm', { form_token, code: codeAt(0) });
  await send('/login', { email, password: `${password}, not` });
  await send('/login', { email, password });
  await send('/login/code', { code: codeAt(1) });
  const page = await visitor.get(`/console/orders?query=${encodeURIComponent(name)}`);
  await send('/logout', { form_token: formTokenIn(await page.text()) });
  if (page.status !== 200 || new Set(sessions).size < 4) {
    throw new Error('the login with both factors did not work');
  }
  const ofLink = only(/([\w-]{43})$/, link);
  return [key, ofLink, secret, password, ...new Set(sessions.filter((one) => one !== ''))];
}
