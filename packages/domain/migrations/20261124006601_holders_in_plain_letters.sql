-- As the names of buyers.
reindex index tickets_holder_words;
