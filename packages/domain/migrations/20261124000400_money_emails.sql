-- Mails about money: to the buyer when it goes back, did or could not, when their event is cancelled
-- or their payment came too late; to the organizer when a payment is disputed. facts are what the
-- mail says, as it was when the mail became due: the rows it came from may move on before it is sent.
alter table emails
  drop constraint emails_kind_check,
  add constraint emails_kind_check check (kind in
    ('order_confirmation', 'refund_requested', 'refund_made', 'refund_failed', 'event_cancelled',
     'payment_too_late', 'dispute_opened')),
  add column refund_id uuid references refunds (id),
  add column payment_id uuid references payments (id),
  add column facts jsonb not null default '{}',
  add constraint emails_name_their_subject check (
    (kind in ('refund_requested', 'refund_made', 'refund_failed')) = (refund_id is not null)
    and (kind = 'payment_too_late') = (payment_id is not null)
  );

-- Where mails to the organizer go; without one nobody is written to.
alter table organizations
  add column contact_email text check (length(contact_email) between 3 and 254);
