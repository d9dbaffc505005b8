import { Resend } from 'resend';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';
import type { Patient } from './patient.ts';

/** Resend: the key, and whether the domain we send from is verified. */
export async function checkResend(patient: Patient): Promise<Finding[]> {
  const { RESEND_API_KEY: key, RESEND_API_URL: baseUrl, MAIL_FROM: from = '' } = patient;
  if (key === undefined) {
    const found = 'RESEND_API_KEY is not set: mails are withheld until there is one.';
    return [warning('Resend key', found, 'Set an API key of Resend.')];
  }
  try {
    const resend = new Resend(key, baseUrl === undefined ? {} : { baseUrl });
    const { data, error } = await resend.domains.list();
    if (error?.name === 'restricted_api_key') {
      const found = 'The key may only send, so the domain was not looked at.';
      return [ok('Resend key', found)];
    }
    if (error !== null) {
      return [failed('Resend key', `Resend refuses it: ${error.message}`, 'Make a new key.')];
    }
    return [ok('Resend key', 'Accepted.'), senderDomain(from, data.data)];
  } catch (error) {
    return [
      failed('Resend key', `Resend does not answer: ${reasonOf(error)}`, 'Check the network.'),
    ];
  }
}

function senderDomain(
  from: string,
  domains: readonly { readonly name: string; readonly status: string }[],
): Finding {
  const check = 'sender domain';
  const name = /@([^\s>]+)>?$/.exec(from)?.[1];
  const domain = domains.find((candidate) => candidate.name === name);
  if (name === undefined || domain === undefined) {
    const found = `MAIL_FROM is "${from}", and Resend knows no domain ${name ?? ''}.`;
    return failed(check, found, 'Add the domain at Resend, or send from one that is there.');
  }
  return domain.status === 'verified'
    ? ok(check, `${name} is verified.`)
    : failed(check, `${name} is ${domain.status}.`, 'Set the DNS records that Resend shows.');
}
