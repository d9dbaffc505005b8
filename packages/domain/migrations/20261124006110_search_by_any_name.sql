-- A name in one form of Unicode, however it was typed, and without accents: who looks for it may have heard
-- it, or have no key for them. Recomposed, for letters of Korean and Japanese come apart too.
create function plain_of(name text) returns text language sql immutable strict parallel safe
return case when octet_length(name) = length(name) then name else
  normalize(regexp_replace(normalize(name, NFKD), U&'[\0300-\036F]', '', 'g'), NFKC) end;

-- The words of a name. Signs part words, also those that Postgres' parser takes for tags, hosts, paths and
-- signed numbers; what has no width is left out, as it is of what somebody types.
-- Bodies are bound to what they call when they are made: an index is built without a search path.
create function words_in(name text) returns text[] language sql immutable strict parallel safe
return tsvector_to_array(to_tsvector('pg_catalog.simple'::regconfig, translate(
  plain_of(name),
  '<>/\@.,:;#&%"''()[]{}=_|-+' || U&'\00AD\061C\180E\200B\200C\200D\200E\200F\202A\202B\202C\202D\202E\2060\2061\2062\2063\2064\FEFF',
  repeat(' ', 25))));

-- Each word with its house in front: a common name is looked up among the house's own alone.
-- The cost is set so that Postgres, whatever it takes the words' frequency for, works them out for no more
-- rows than it is told to; and it is called unsafe in parallel, which it is not, for to start workers takes
-- longer than a look-up.
create function words_of(house uuid, name text) returns tsvector language sql immutable strict
parallel unsafe cost 1000
return array_to_tsvector(array(select house::text || '/' || word from unnest(words_in(name)) word));

-- Asks for all of these words; those of three letters and more may be how a name begins, shorter ones
-- would begin half of a house.
create function all_of(house uuid, words text[]) returns tsquery language sql immutable strict parallel safe
return (select string_agg('''' || house::text || '/' || word || '''' || case when length(word) > 2 then ':*' else '' end,
                          ' & ')
          from unnest(words) part, unnest(words_in(part)) word)::tsquery;

-- Support finds a name by any of its words. A search reads all that is not yet sorted into the index: of
-- that, a quarter of a megabyte at most. A file an index, for orders are not sold while theirs is built.
-- orders_buyer_name is of the release before, and goes with the next.
create index orders_buyer_words on orders using gin (words_of(organization_id, buyer_name))
  with (gin_pending_list_limit = 256) where buyer_name is not null;
