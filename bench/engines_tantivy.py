"""tantivy, the search engine in Rust: words with no, one or two slips, the last one perhaps unfinished."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.corpus import Corpus
from bench.strings import MOST_STRINGS, Built, NotMeasured, Strings
from db.names import fold

HEAP = 256 << 20  # bytes; enough that all strings come into one segment, whose order is theirs
ONE_SLIP, TWO_SLIPS = 4, 7  # letters of a word from which so many slips are allowed


@contextmanager
def tantivy(_corpus: Corpus, strings: Strings) -> Iterator[Built]:
    """An index in memory of whole strings and of their words."""
    try:
        from tantivy import Document, Index, Occur, Query, SchemaBuilder
    except ModuleNotFoundError:
        raise NotMeasured("tantivy is not installed: see `make bench`") from None

    builder = SchemaBuilder()
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = Index(schema)
    writer = index.writer(HEAP, num_threads=1)
    for key in strings.keys:
        writer.add_document(Document(whole=key, words=key))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    assert searcher.num_segments <= 1

    def like(field: str, text: str, unfinished: bool) -> Query:
        """The fewer slips the better; a finished text before the beginning of one."""
        slips = 2 if len(text) >= TWO_SLIPS else 1 if len(text) >= ONE_SLIP else 0
        ways = []
        for prefix in (False, True) if unfinished else (False,):
            for distance in range(slips + 1):
                query = Query.fuzzy_term_query(schema, field, text, distance, True, prefix)
                ways.append(Query.const_score_query(query, (4.0 - 1.5 * distance) * (0.8 if prefix else 1)))
        return Query.disjunction_max_query(ways)

    def search(text: str) -> list[int]:
        *finished, last = fold(text).split() or [""]
        words = [(Occur.Must, like("words", word, False)) for word in finished]
        words.append((Occur.Must, like("words", last, True)))
        whole = like("whole", fold(text), True)
        query = Query.boolean_query([(Occur.Should, whole), (Occur.Should, Query.boolean_query(words))])
        hits = searcher.search(query, MOST_STRINGS, count=False).hits
        return strings.places(address.doc for _, address in hits)

    yield Built(search)
