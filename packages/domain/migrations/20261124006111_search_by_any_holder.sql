-- Whoever holds a ticket is found as its buyer is.
create index tickets_holder_words on tickets using gin (words_of(organization_id, holder_name))
  with (gin_pending_list_limit = 256) where holder_name is not null;
