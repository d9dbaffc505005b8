-- Asks for all of these words as they are, where all_of asks for what begins with them: for words that may be
-- beginnings an index collects everybody who has one of them before it meets them with the next.
create function whole_of(house uuid, words text[]) returns tsquery language sql immutable strict parallel safe
return (select string_agg('''' || house::text || '/' || word || '''', ' & ')
          from unnest(words) part, unnest(words_in(part)) word)::tsquery;
