-- Letters that no form of Unicode takes apart are plain ones as well: who looks for Łukasz, Sørensen, Weiß or
-- Yıldız types what their keyboard has. In small letters first, for a Greek word in capitals ends with another
-- sigma than in small ones.
create or replace function plain_of(name text) returns text language sql immutable strict parallel safe
return case when octet_length(name) = length(name) then name else
  normalize(regexp_replace(normalize(
    replace(replace(replace(replace(
      translate(lower(name), 'łøđðıħŧŋς', 'loddihtnσ'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    NFKD), U&'[\0300-\036F]', '', 'g'), NFKC) end;

-- A tilde parts words too: Postgres' parser takes it for the beginning of a path.
create or replace function words_in(name text) returns text[] language sql immutable strict parallel safe
return tsvector_to_array(to_tsvector('pg_catalog.simple'::regconfig, translate(
  plain_of(name),
  '<>/\@.,:;#&%"''()[]{}=_|-+~' || U&'\00AD\061C\180E\200B\200C\200D\200E\200F\202A\202B\202C\202D\202E\2060\2061\2062\2063\2064\FEFF',
  repeat(' ', 26))));

-- What is kept was worked out before. A file an index, for orders are not sold while theirs is built.
reindex index orders_buyer_words;
