-- In the background; until it is done, and for parts that it leaves out, words are found without the index.
ALTER TABLE event MATERIALIZE INDEX words;
