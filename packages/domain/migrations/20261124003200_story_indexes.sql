-- What the story of one order is found by, among millions: each list by an index of its own.
create index stripe_events_subject on stripe_events ((coalesce(
  payload #>> '{data,object,client_reference_id}', payload #>> '{data,object,payment_intent}',
  payload #>> '{data,object,id}')));
create index outbox_order on outbox ((payload ->> 'orderId')) where payload ? 'orderId';
create index incidents_order on incidents ((details ->> 'orderId')) where details ? 'orderId';
create index incidents_object on incidents (object_type, object_id);
create index orders_paid on orders (organization_id, paid_at) where paid_at is not null;
create index check_ins_scanned on check_ins (event_id, at) where outcome = 'admitted';
