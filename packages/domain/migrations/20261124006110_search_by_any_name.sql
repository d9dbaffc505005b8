-- The words of a name. Signs that Postgres' parser takes for tags, hosts and paths only part words.
create function words_of(name text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('simple', translate(name, '<>/\@.,:;#&%"''()[]{}=_|', repeat(' ', 23)))
$$;
-- Support finds a name by any of its words, whoever bought or holds.
-- orders_buyer_name is of the release before, and goes with the next.
create index orders_buyer_words on orders using gin (words_of(buyer_name))
  where buyer_name is not null;
create index tickets_holder_words on tickets using gin (words_of(holder_name))
  where holder_name is not null;
create index payments_charge on payments (charge_id) where charge_id is not null;
