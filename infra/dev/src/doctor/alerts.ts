import { type Finding, ok, warning } from './finding.ts';
import type { Patient } from './patient.ts';

/** Whether somebody hears of what is wrong, by a way that does not break with what it tells of. */
export function checkAlerts(patient: Patient): Finding[] {
  const { ALERT_WEBHOOK_URL: webhook, ALERT_MAIL_TO: mail, HEARTBEAT_URL: heartbeat } = patient;
  return [
    webhook !== undefined
      ? ok('alerts', 'A webhook is told.')
      : warning(
          'alerts',
          mail === undefined
            ? 'Nobody is told of alerts: they are in the console alone.'
            : 'Alerts go by mail alone: that the mail key is wrong would reach nobody.',
          'Set ALERT_WEBHOOK_URL to a webhook of a chat.',
        ),
    heartbeat !== undefined
      ? ok('watch of the watch', 'HEARTBEAT_URL is called every minute.')
      : warning(
          'watch of the watch',
          'HEARTBEAT_URL is not set: when the whole machine is down nobody hears of it.',
          'Set it to an address of a service that misses what does not call.',
        ),
  ];
}
