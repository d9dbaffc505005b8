-- Every trigger that guards or counts rows is there, and enabled.
-- holds: always
-- by: whole
with wanted (of_table, name, migration) as (values
  ('audit_log', 'audit_log_guard', '20261123000900_audit.sql'),
  ('audit_log', 'audit_log_not_emptied', '20261124006200_login.sql'),
  ('events', 'events_kept', '20261124000000_hold_checks.sql'),
  ('hold_items', 'hold_items_fixed', '20261123000200_holds.sql'),
  ('hold_items', 'hold_items_inserted', '20261123000200_holds.sql'),
  ('ledger_entries', 'ledger_entries_kept', '20261124000300_ledger.sql'),
  ('ledger_entries', 'ledger_entries_not_emptied', '20261124000300_ledger.sql'),
  ('ledger_entries', 'ledger_entries_sum_to_zero', '20261124000300_ledger.sql'),
  ('ledger_transactions', 'ledger_transactions_kept', '20261124000300_ledger.sql'),
  ('ledger_transactions', 'ledger_transactions_not_emptied', '20261124000300_ledger.sql'),
  ('order_items', 'order_items_add_up', '20261123000300_orders.sql'),
  ('orders', 'orders_add_up', '20261123000300_orders.sql'),
  ('pool_tiers', 'pool_tiers_changed', '20261123000200_holds.sql'),
  ('ticket_holds', 'ticket_holds_inserted', '20261124000000_hold_checks.sql'),
  ('ticket_holds', 'ticket_holds_kept', '20261123000200_holds.sql'),
  ('ticket_holds', 'ticket_holds_updated', '20261123000200_holds.sql'),
  ('ticket_tiers', 'ticket_tiers_kept', '20261124000000_hold_checks.sql'),
  ('tickets', 'tickets_inserted', '20261123000500_tickets.sql'),
  ('tickets', 'tickets_kept', '20261123000500_tickets.sql'),
  ('tickets', 'tickets_stamp_change', '20261124002000_offline_door.sql'),
  ('tickets', 'tickets_updated', '20261123000500_tickets.sql'),
  ('wallet_entries', 'wallet_entries_kept', '20261124006400_backups_and_forgetting.sql'),
  ('wallet_entries', 'wallet_entries_not_emptied', '20261124001200_wallets.sql')
)
select w.of_table || '.' || w.name as id, w.migration,
       case when t.oid is null then 'missing' else 'disabled' end as found
  from wanted w
  left join pg_trigger t on t.tgname = w.name and t.tgrelid = to_regclass(w.of_table)
 where t.oid is null or t.tgenabled not in ('O', 'A')
