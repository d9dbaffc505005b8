create index payments_charge on payments (charge_id) where charge_id is not null;
