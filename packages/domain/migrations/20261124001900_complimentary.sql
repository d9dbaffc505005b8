-- Tickets that the organizer gives away: counted against capacity like any others, in lines at no
-- price; and tickets of any order in the names of those who will come.

alter table hold_items
  drop constraint hold_items_quantity_check,
  add constraint hold_items_quantity_check check (quantity between 1 and 10000);
alter table order_items
  drop constraint order_items_quantity_check,
  add constraint order_items_quantity_check check (quantity between 1 and 10000),
  add column holder_names text[]
    check (cardinality(holder_names) between 1 and quantity);

alter table tickets
  drop constraint tickets_seq_check,
  add constraint tickets_seq_check check (seq between 1 and 10000);

alter table orders
  add column complimentary_reason text check (length(complimentary_reason) between 1 and 500),
  add constraint complimentary_orders_cost_nothing
    check (complimentary_reason is null or total_cents = 0);
