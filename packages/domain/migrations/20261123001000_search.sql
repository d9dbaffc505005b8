-- Support finds an order by what people have at hand: a name, a serial, an id of the provider.
create index orders_buyer_name on orders (organization_id, lower(buyer_name) text_pattern_ops);
create index checkout_attempts_session on checkout_attempts (session_id);
create index payments_provider_id on payments (provider_id);
create index tickets_serial on tickets (serial);
