-- The words of a name. Signs that Postgres' parser takes for tags, hosts and paths only part words.
-- Bodies are bound to what they call when they are made: an index is built without a search path.
create function words_in(name text) returns text[] language sql immutable strict
return tsvector_to_array(
  to_tsvector('pg_catalog.simple'::regconfig, translate(name, '<>/\@.,:;#&%"''()[]{}=_|', repeat(' ', 23))));

-- Each word with its house in front: a common name is looked up among the house's own alone.
-- The cost is set so that no plan, whatever it takes the words' frequency for, works it out row by row;
-- and none does it in parallel, for starting workers takes longer than the look-up.
create function words_of(house uuid, name text) returns tsvector language sql immutable strict
parallel unsafe cost 1000
return array_to_tsvector(array(select house::text || '/' || word from unnest(words_in(name)) word));

-- Asks for all of these words; those of three letters and more may be how a name begins, shorter ones
-- would begin half of a house.
create function all_of(house uuid, words text[]) returns tsquery language sql immutable strict
return (select string_agg('''' || house::text || '/' || word || '''' || case when length(word) > 2 then ':*' else '' end,
                          ' & ')
          from unnest(words) part, unnest(words_in(part)) word)::tsquery;

-- Support finds a name by any of its words, whoever bought or holds.
-- orders_buyer_name is of the release before, and goes with the next.
create index orders_buyer_words on orders using gin (words_of(organization_id, buyer_name))
  where buyer_name is not null;
create index tickets_holder_words on tickets using gin (words_of(organization_id, holder_name))
  where holder_name is not null;
create index payments_charge on payments (charge_id) where charge_id is not null;
