import type { HttpApp } from '@liventix/shared/http';
import { auditPage } from '#console/audit-page';
import { booksPage } from '#console/books-page';
import { eventsPages } from '#console/events-pages';
import { liveRoute } from '#console/live';
import { mailsPage } from '#console/mails-page';
import { ordersPages } from '#console/orders-pages';
import { peoplePage } from '#console/people-page';
import { privacyPage } from '#console/privacy-page';
import { toDoPage } from '#console/to-do-page';
import { todayPage } from '#console/today-page';
import type { Deps } from '#deps';

/** The console: pages that read, whose buttons go to the admin API. */
export function consolePages(app: HttpApp, deps: Deps): void {
  todayPage(app, deps);
  ordersPages(app, deps);
  eventsPages(app, deps);
  toDoPage(app, deps);
  mailsPage(app, deps);
  booksPage(app, deps);
  peoplePage(app, deps);
  privacyPage(app, deps);
  auditPage(app, deps);
  liveRoute(app, deps);
}
