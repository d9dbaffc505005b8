-- Mails of the last hours are looked at every minute, among all there ever were. Rows are only added
-- at the end, so a few pages of summaries tell where those are.
create index emails_created on emails using brin (created_at)
  with (pages_per_range = 16, autosummarize = on);
