-- A person is forgotten: ids and amounts stay, who it was goes, and nothing brings it back. buyer_key
-- becomes a word that names nobody, so that what is counted by it still adds up.
alter table orders
  add column erased_at timestamptz,
  -- The key of an address that was corrected. Limits go on counting the first (buyer_key).
  add column corrected_key text check (length(corrected_key) <= 254),
  add constraint erased_orders_name_nobody check (
    erased_at is null
    or num_nonnulls(buyer_name, buyer_email, corrected_key) = 0
       and coalesce(buyer_key like 'erased/%', true));
create index orders_corrected on orders (corrected_key) where corrected_key is not null;

-- Whom a ticket was offered to, by the address as it reaches people.
alter table transfers add column to_key text check (length(to_key) <= 254);
update transfers set to_key = lower(to_email);
create index transfers_receiver on transfers (to_key) where to_key is not null;

-- Everybody of the event was forgotten: it is not looked at again.
alter table events add column forgotten_at timestamptz;
create index events_remembered on events (ends_at) where forgotten_at is null;

-- Mails of a person are found by what they are about.
create index emails_transfer on emails (transfer_id) where transfer_id is not null;
create index emails_wallet on emails (wallet_id) where wallet_id is not null;

-- Mails whose content is kept still.
create index emails_with_content on emails (created_at) where html <> '';

-- Why who bought this is still needed; null when nothing is open between them and the house.
create function order_needs_its_people(o orders) returns text language sql stable as $$
  select case
    when o.status in ('pending', 'paid') then 'order'
    when exists (select 1 from checkout_attempts a
                  where a.order_id = o.id and a.state in ('creating', 'open', 'completed'))
      then 'payment'
    when exists (select 1 from payments p
                  where p.order_id = o.id
                    and (p.refund_open_cents > 0
                         or exists (select 1 from incidents i
                                     where i.object_type = 'payment' and i.object_id = p.id::text
                                       and i.kind = 'payment.review' and i.resolved_at is null)))
      then 'payment'
    when exists (select 1 from refunds r
                  where r.order_id = o.id and r.status in ('requested', 'submitted'))
      then 'refund'
    when exists (select 1 from disputes d
                  where d.order_id = o.id and d.phase in ('inquiry', 'open'))
      then 'dispute'
    when exists (select 1 from emails m where m.order_id = o.id and m.status = 'queued')
      then 'mail'
    when exists (select 1 from transfers x join tickets k on k.id = x.ticket_id
                  where k.order_id = o.id and x.state = 'offered'
                    and x.expires_at > clock_timestamp())
      then 'transfer'
    when exists (select 1 from tickets k join events e on e.id = k.event_id
                  where k.order_id = o.id and k.status in ('valid', 'suspended')
                    and k.transferred_at is null and e.ends_at > clock_timestamp())
      then 'ticket'
  end
$$;
