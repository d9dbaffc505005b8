-- A hold that went to checkout. Money is in minor units of the event's currency. checkout_key and
-- checkout_hash belong to the newest accepted checkout request, for its replay.
create table orders (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  event_id uuid not null,
  hold_id uuid not null unique,
  number text not null unique check (length(number) between 6 and 20),
  status text not null default 'pending'
    check (status in ('pending', 'paid', 'fulfilled', 'expired', 'cancelled')),
  buyer_name text check (length(buyer_name) between 1 and 200),
  buyer_email text check (length(buyer_email) between 3 and 254),
  buyer_key text check (length(buyer_key) <= 254),
  locale text not null default 'en' check (length(locale) between 2 and 35),
  currency text not null,
  subtotal_cents bigint not null check (subtotal_cents >= 0),
  discount_cents bigint not null default 0 check (discount_cents >= 0),
  tax_cents bigint not null default 0 check (tax_cents >= 0),
  fee_cents bigint not null default 0 check (fee_cents >= 0),
  total_cents bigint not null check (total_cents between 0 and 99999999),
  promo_code_id uuid,
  token_version integer not null default 1 check (token_version >= 1),
  checkout_key uuid unique,
  checkout_hash text check (length(checkout_hash) = 64),
  created_at timestamptz not null default now(),
  paid_at timestamptz,
  fulfilled_at timestamptz,
  ended_at timestamptz,
  unique (id, event_id),
  unique (id, currency),
  foreign key (event_id, organization_id) references events (id, organization_id),
  foreign key (event_id, currency) references events (id, currency),
  foreign key (hold_id, event_id) references ticket_holds (id, event_id),
  check (total_cents = subtotal_cents - discount_cents + tax_cents + fee_cents),
  check ((status in ('paid', 'fulfilled')) = (paid_at is not null)),
  check ((status = 'fulfilled') = (fulfilled_at is not null)),
  check ((status in ('expired', 'cancelled')) = (ended_at is not null))
);
alter table ticket_holds add foreign key (order_id) references orders (id)
  deferrable initially deferred;
create index orders_event on orders (event_id);
create index orders_buyer on orders (buyer_key);
create index orders_open on orders (id) where status in ('pending', 'paid');

-- One line a tier.
create table order_items (
  id uuid primary key,
  order_id uuid not null,
  event_id uuid not null,
  tier_id uuid not null,
  quantity integer not null check (quantity between 1 and 500),
  unit_price_cents bigint not null check (unit_price_cents >= 0),
  discount_cents bigint not null default 0 check (discount_cents >= 0),
  tax_cents bigint not null default 0 check (tax_cents >= 0),
  fee_cents bigint not null default 0 check (fee_cents >= 0),
  total_cents bigint not null check (total_cents >= 0),
  unique (order_id, tier_id),
  unique (id, tier_id, order_id),
  foreign key (order_id, event_id) references orders (id, event_id),
  foreign key (tier_id, event_id) references ticket_tiers (id, event_id),
  check (total_cents = quantity * unit_price_cents - discount_cents + tax_cents + fee_cents)
);

-- An order's total is the sum of its lines, judged when the transaction ends.
create function order_total_matches() returns trigger language plpgsql as $$
declare
  subject uuid := coalesce(to_jsonb(new) ->> 'order_id', to_jsonb(new) ->> 'id')::uuid;
begin
  if exists (select 1 from orders o
              where o.id = subject
                and o.total_cents <> (select coalesce(sum(i.total_cents), -1)
                                        from order_items i where i.order_id = o.id)) then
    raise exception 'order % does not add up', subject using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger orders_add_up after insert or update of total_cents on orders
  deferrable initially deferred for each row execute function order_total_matches();
create constraint trigger order_items_add_up after insert or update on order_items
  deferrable initially deferred for each row execute function order_total_matches();
