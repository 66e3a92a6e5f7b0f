"""What people say, by language and kind: one file a language, read by `screening.lexicon`.

A file holds lines `[category]` and, below each, phrases between ` | `. `frequent:` lists common
words by which the language is known. In a phrase `{a,b}` stands for either, `#` for a number, `_`
for one word and `..` for a few; a word that ends in `*` is a stem. Case, accents and punctuation
do not count, apart from `:`. Chinese, Japanese, Korean and Thai are matched sign by sign, so spaces
are only for the eye.
"""
