-- Books of a small house in which every rule has something to be broken by: an order that is
-- pending, one that is paid, one that is fulfilled and half refunded, one that ended and was paid
-- late. Ids have names.
create function id(name text) returns uuid language sql immutable as 'select md5(name)::uuid';
set local session_replication_role = replica;

insert into organizations (id, slug, name) values (id('house'), 'house', 'House');
insert into events (id, organization_id, slug, title, venue, starts_at, ends_at, timezone, currency, status)
values (id('event'), id('house'), 'event', 'A night', 'Hall', '2035-01-01 20:00Z', '2035-01-01 23:00Z', 'UTC', 'eur', 'on_sale');
insert into event_counters (event_id, next_serial) values (id('event'), 3);
insert into ticket_tiers (id, event_id, name, price_cents, capacity, reserved_quantity, issued_quantity)
values (id('floor'), id('event'), 'Floor', 2500, 100, 3, 1),
       (id('box'), id('event'), 'Box', 9000, 10, 0, 0);
insert into capacity_pools (id, event_id, name, capacity, reserved_quantity, issued_quantity)
values (id('room'), id('event'), 'Room', 105, 3, 1);
insert into pool_tiers (pool_id, tier_id, event_id)
values (id('room'), id('floor'), id('event')), (id('room'), id('box'), id('event'));

insert into ticket_holds (id, organization_id, event_id, status, expires_at, order_id, ended_at)
values (id('hold/loose'), id('house'), id('event'), 'active', '2034-01-01', null, null),
       (id('hold/pending'), id('house'), id('event'), 'active', '2034-01-01', id('pending'), null),
       (id('hold/paid'), id('house'), id('event'), 'active', 'infinity', id('paid'), null),
       (id('hold/done'), id('house'), id('event'), 'converted', 'infinity', id('done'), now()),
       (id('hold/ended'), id('house'), id('event'), 'expired', now(), id('ended'), now());
insert into hold_items (hold_id, tier_id, event_id, quantity, unit_price_cents)
select id, id('floor'), event_id, case when id = id('hold/done') then 2 else 1 end, 2500
  from ticket_holds;

insert into promo_codes (id, organization_id, event_id, code, amount_cents, max_redemptions, used)
values (id('promo'), id('house'), id('event'), 'TENTH', 500, 10, 1);
insert into promo_buyers (promo_code_id, buyer_key, used) values (id('promo'), 'ada', 1);
insert into access_codes (id, organization_id, event_id, code, max_uses, used)
values (id('access'), id('house'), id('event'), 'FRIENDS', 10, 1);

insert into wallets (id, organization_id, kind, owner_key, owner_email, currency, balance_cents, escrow_cents)
values (id('purse'), id('house'), 'buyer', 'ada', 'ada@example.org', 'eur', 1300, 300);
insert into wallet_entries (id, wallet_id, kind, amount_cents, invoice, order_id)
values (id('entry/grant'), id('purse'), 'grant', 2000, 'in-1', null),
       (id('entry/paid'), id('purse'), 'escrowed', -500, null, id('paid')),
       (id('entry/pending'), id('purse'), 'escrowed', -300, null, id('pending')),
       (id('entry/back'), id('purse'), 'refund', 100, 'refund/' || id('refund/purse'), id('done'));

insert into orders (id, organization_id, event_id, hold_id, number, status, buyer_email, buyer_key, currency,
                    subtotal_cents, discount_cents, total_cents, promo_code_id, paid_at, fulfilled_at,
                    ended_at, counted_tickets)
values (id('pending'), id('house'), id('event'), id('hold/pending'), 'LV-0001', 'pending', 'ada@example.org', 'ada', 'eur', 2500, 0, 2500, null, null, null, null, 1),
       (id('paid'), id('house'), id('event'), id('hold/paid'), 'LV-0002', 'paid', 'ada@example.org', 'ada', 'eur', 2500, 0, 2500, null, now(), null, null, 1),
       (id('done'), id('house'), id('event'), id('hold/done'), 'LV-0003', 'fulfilled', 'ada@example.org', 'ada', 'eur', 5000, 500, 4500, id('promo'), now(), now(), null, 1),
       (id('ended'), id('house'), id('event'), id('hold/ended'), 'LV-0004', 'expired', 'ada@example.org', 'ada', 'eur', 2500, 0, 2500, null, null, null, now(), 0);
update orders set wallet_id = id('purse'), wallet_cents = case id when id('paid') then 500 else 300 end
 where id in (id('paid'), id('pending'));
insert into order_items (id, order_id, event_id, tier_id, quantity, unit_price_cents, discount_cents, total_cents)
select id('line/' || id), id, event_id, id('floor'), subtotal_cents / 2500, 2500, discount_cents, total_cents
  from orders;
insert into buyer_limits (event_id, buyer_key, tickets) values (id('event'), 'ada', 3);
insert into promo_redemptions (id, promo_code_id, order_id, event_id, state)
values (id('redemption'), id('promo'), id('done'), id('event'), 'kept');
insert into access_code_uses (hold_id, access_code_id, order_id, state)
values (id('hold/pending'), id('access'), id('pending'), 'reserved');
insert into tickets (id, organization_id, event_id, order_id, order_item_id, tier_id, seq, serial, status,
                     holds_seat, seat_label, ended_at)
values (id('good'), id('house'), id('event'), id('done'), id('line/' || id('done')), id('floor'), 1, 1, 'valid', true, 'A1', null),
       (id('dead'), id('house'), id('event'), id('done'), id('line/' || id('done')), id('floor'), 2, 2, 'refunded', false, 'A2', now());

insert into door_devices (id, organization_id, event_id, gate, label, role, key_hash)
values (id('device'), id('house'), id('event'), 'North', 'Phone', 'scanner', repeat('0', 64));
insert into check_ins (id, event_id, device_id, gate, nonce, request_hash, ticket_id, direction, outcome)
values (id('scan'), id('event'), id('device'), 'North', id('nonce'), repeat('0', 64), id('good'), 'in', 'admitted');
update tickets set admitted_at = now() where id = id('good');

insert into checkout_attempts (id, order_id, livemode, state, expected_amount_cents, currency, parameters,
                               expires_at, session_id, closed_at)
values (id('page/pending'), id('pending'), false, 'open', 2200, 'eur', '{}', now() + interval '1 hour', 'cs_pending', null),
       (id('page/paid'), id('paid'), false, 'paid', 2000, 'eur', '{}', now(), 'cs_paid', now()),
       (id('page/done'), id('done'), false, 'paid', 4500, 'eur', '{}', now(), 'cs_done', now()),
       (id('page/ended'), id('ended'), false, 'paid', 2500, 'eur', '{}', now(), 'cs_ended', now());
insert into payments (id, organization_id, order_id, attempt_id, provider, provider_id, livemode, amount_cents,
                      currency, fee_cents, disposition, disposition_reason, refunded_cents, refund_open_cents)
values (id('money/paid'), id('house'), id('paid'), id('page/paid'), 'stripe', 'pi_paid', false, 2000, 'eur', 60, 'tickets', 'in_time', 0, 0),
       (id('money/purse'), id('house'), id('paid'), null, 'wallet', id('paid')::text, true, 500, 'eur', null, 'tickets', 'wallet', 0, 0),
       (id('money/done'), id('house'), id('done'), id('page/done'), 'stripe', 'pi_done', false, 4500, 'eur', 90, 'tickets', 'in_time', 2350, 0),
       (id('money/late'), id('house'), id('ended'), id('page/ended'), 'stripe', 'pi_late', false, 2500, 'eur', null, 'refund', 'sold_out', 0, 2500),
       (id('money/odd'), id('house'), id('ended'), null, 'stripe', 'pi_odd', false, 700, 'eur', null, 'review', 'amount_differs', 0, 0);
insert into refunds (id, organization_id, payment_id, order_id, kind, amount_cents, currency, reason, status,
                     stripe_refund_id, ended_at)
values (id('refund/done'), id('house'), id('money/done'), id('done'), 'tickets', 2250, 'eur', 'ill', 'succeeded', 're_done', now()),
       (id('refund/failed'), id('house'), id('money/done'), id('done'), 'amount', 100, 'eur', 'kind', 'failed', null, now()),
       (id('refund/late'), id('house'), id('money/late'), id('ended'), 'disposition', 2500, 'eur', 'disposition.sold_out', 'requested', null, null);
insert into refunds (id, organization_id, payment_id, order_id, kind, amount_cents, currency, reason, status,
                     wallet_id, ended_at)
values (id('refund/purse'), id('house'), id('money/done'), id('done'), 'amount', 100, 'eur', 'kind', 'succeeded', id('purse'), now());
insert into refund_items (refund_id, ticket_id, amount_cents) values (id('refund/done'), id('dead'), 2250);
insert into stripe_refunds (id, payment_intent_id, amount_cents, currency, status, created_at, read_at)
values ('re_done', 'pi_done', 2250, 'eur', 'succeeded', now() - interval '1 day', now() - interval '1 day');

insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient, status)
values (id('mail/sent'), id('house'), id('done'), 'order_confirmation', 'confirmation/done', 'ada@example.org', 'sent'),
       (id('mail/new'), id('house'), id('done'), 'order_confirmation', 'confirmation/done/2', 'ada@example.org', 'queued');
insert into outbox (id, queue, name, payload, dispatched_at, dead_at)
values (id('message/paid'), 'ticketing', 'order.settle', jsonb_build_object('orderId', id('paid')), now(), null),
       (id('message/late'), 'refunds', 'refund.submit', jsonb_build_object('refundId', id('refund/late')), null, null),
       (id('message/mail'), 'notifications', 'email.send', jsonb_build_object('emailId', id('mail/new')), now(), null),
       (id('message/dead'), 'refunds', 'refund.sync', '{"paymentIntentId": "pi_done"}', now(), now());
insert into stripe_events (id, type, livemode, source, payload, created_at)
values ('evt_new', 'charge.refunded', false, 'webhook', '{}', now());
insert into incidents (id, kind, object_type, object_id, message)
values (id('told/1'), 'payment.review', 'payment', id('money/odd')::text, 'Look at it.'),
       (id('told/2'), 'refund.refused', 'refund', id('refund/failed')::text, 'Look at it.'),
       (id('told/3'), 'message.dead', 'message', id('message/dead')::text, 'Look at it.');

insert into ledger_transactions (id, organization_id, event_id, order_id, kind, cause)
select id('posted/' || cause), id('house'), id('event'), order_id, kind, cause
  from (select order_id, 'payment_received' as kind, 'payment/' || id as cause from payments
         union all
        select order_id, 'refund_requested', 'refund/' || id || '/requested' from refunds where kind <> 'disposition'
         union all
        select order_id, 'refund_made', 'refund/' || id || '/made' from refunds where status = 'succeeded' and wallet_id is null
         union all
        select order_id, 'wallet_moved', 'wallet_entry/' || id from wallet_entries where order_id is not null) p;
insert into ledger_transactions (id, organization_id, kind, cause)
values (id('posted/wallet_entry/' || id('entry/grant')), id('house'), 'wallet_credited', 'wallet_entry/' || id('entry/grant'));
insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
select id('posted/payment/' || id), side, case when side = 0 and provider = 'wallet' then 'wallet_escrow'
         when side = 0 then 'stripe_balance'
         when disposition = 'tickets' then 'ticket_sales' when disposition = 'refund' then 'owed_to_buyers'
         else 'in_review' end, case when side = 0 then amount_cents else -amount_cents end, currency
  from payments cross join generate_series(0, 1) as side;
insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
select id('posted/refund/' || id || '/requested'), side, case when side = 1 then 'owed_to_buyers'
         when kind = 'tickets' then 'ticket_sales' else 'goodwill' end,
       case when side = 0 then amount_cents else -amount_cents end, currency
  from refunds cross join generate_series(0, 1) as side where kind <> 'disposition';
insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
select id('posted/refund/' || id || '/made'), side, case when side = 0 then 'owed_to_buyers' else 'stripe_balance' end,
       case when side = 0 then amount_cents else -amount_cents end, currency
  from refunds cross join generate_series(0, 1) as side where status = 'succeeded' and wallet_id is null;
insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
select id('posted/wallet_entry/' || id), side, case when side = 1 then 'wallet_credit' when kind = 'grant' then 'wallet_grants'
         when kind = 'refund' then 'owed_to_buyers' else 'wallet_escrow' end,
       case when side = 0 then amount_cents else -amount_cents end, 'eur'
  from wallet_entries cross join generate_series(0, 1) as side;
insert into audit_log (organization_id, actor_type, actor_id, action, object_type, object_id)
select id('house'), 'system', 'sample', 'act.' || n, 'order', 'o' from generate_series(1, 3) as n;
select seal_audit(10);
