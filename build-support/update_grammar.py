"""Makes the tables of the parser of queries anew, after a change of omero_desk/server/hql/grammar.lark."""

from pathlib import Path

from omero_desk.server.hql import grammar_tables

if __name__ == "__main__":
    grammar_tables.write(Path(str(grammar_tables.TABLES)))
