-- Store credit of a buyer, and credits of an organization, in minor units of one currency. escrow_cents
-- is set aside for orders that are not paid yet. A wallet opens with its token alone: owner_email says
-- where the token is mailed, and opens nothing.
create table wallets (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  kind text not null check (kind in ('buyer', 'organization')),
  owner_key text check (length(owner_key) <= 254),
  owner_email text check (length(owner_email) between 3 and 254),
  locale text not null default 'en' check (length(locale) between 2 and 35),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  balance_cents bigint not null default 0 check (balance_cents >= 0),
  escrow_cents bigint not null default 0 check (escrow_cents >= 0),
  token_version integer not null default 1 check (token_version >= 1),
  created_at timestamptz not null default now(),
  unique (id, organization_id, currency),
  check (kind = 'buyer' or owner_key is null)
);
create unique index wallets_one_a_buyer on wallets (organization_id, owner_key, currency)
  where kind = 'buyer';
create unique index wallets_one_an_organization on wallets (organization_id, currency)
  where kind = 'organization';

-- Everything that moved a wallet's balance, above zero what came in. An invoice, the name that whoever
-- asked gave to it, counts once a wallet.
create table wallet_entries (
  id uuid primary key,
  wallet_id uuid not null references wallets (id),
  kind text not null check (kind in ('refund', 'grant', 'credits', 'passed_on', 'escrowed', 'given_back')),
  amount_cents bigint not null check (amount_cents <> 0),
  invoice text check (length(invoice) between 1 and 200),
  order_id uuid references orders (id),
  reason text check (length(reason) between 1 and 100),
  at timestamptz not null default clock_timestamp(),
  check ((amount_cents < 0) = (kind in ('passed_on', 'escrowed')))
);
create unique index wallet_entries_one_an_invoice on wallet_entries (wallet_id, invoice)
  where invoice is not null;
create index wallet_entries_wallet on wallet_entries (wallet_id, at);
create trigger wallet_entries_kept before update or delete on wallet_entries
  for each statement execute function refuse_change();
create trigger wallet_entries_not_emptied before truncate on wallet_entries
  for each statement execute function refuse_change();

-- What of an order its buyer's wallet pays. It stays with an order that ended: late money for the rest
-- takes it again.
alter table orders
  add column wallet_id uuid,
  add column wallet_cents bigint not null default 0 check (wallet_cents >= 0),
  add check (wallet_cents <= total_cents),
  add check ((wallet_cents > 0) = (wallet_id is not null)),
  add foreign key (wallet_id, organization_id, currency)
    references wallets (id, organization_id, currency);
create index orders_wallet on orders (wallet_id) where wallet_id is not null;

-- An order is paid for by one payment, or by a wallet's and another for the rest.
drop index payments_one_for_tickets;
create unique index payments_one_for_tickets on payments (order_id, (provider = 'wallet'))
  where disposition = 'tickets';

-- A refund into a wallet is made at once, and Stripe never hears of it. part_of: money that came from a
-- card and a wallet goes back as two, of which the first has the tickets.
alter table refunds
  add column wallet_id uuid references wallets (id),
  add column part_of uuid references refunds (id),
  add check (wallet_id is null or (stripe_refund_id is null and status = 'succeeded'));

alter table emails
  drop constraint emails_kind_check,
  add constraint emails_kind_check check (kind in
    ('order_confirmation', 'refund_requested', 'refund_made', 'refund_failed', 'event_cancelled',
     'payment_too_late', 'dispute_opened', 'wallet_credit')),
  add column wallet_id uuid references wallets (id),
  add constraint emails_name_their_wallet check ((kind = 'wallet_credit') = (wallet_id is not null));

-- The few entries that the audit compares with wallets, among millions.
create index ledger_entries_of_wallets on ledger_entries (account)
  where account in ('wallet_credit', 'wallet_escrow', 'organization_credits');
