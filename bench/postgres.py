"""Answers into a PostgreSQL table, as they lie in the Parquet file: what its own SQL is then timed on."""

import os
import sys
from pathlib import Path

TYPES = {"string": "text", "int64": "bigint"}


def load(path: Path) -> None:
    """Fill the table named after the file, once. `SELARAS_TEST_DSN` names the database (tests/postgres.py)."""
    import psycopg
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import csv

    file = pq.ParquetFile(path)
    columns = ", ".join(f'"{field.name}" {TYPES.get(str(field.type), "numeric(18, 2)")}' for field in file.schema_arrow)
    with psycopg.connect(os.environ["SELARAS_TEST_DSN"], autocommit=True) as connection:
        if connection.execute("SELECT to_regclass(%s)", [f'"{path.stem}"']).fetchone() != (None,):
            return
        connection.execute(f'CREATE UNLOGGED TABLE "{path.stem}" ({columns})')
        with connection.cursor().copy(f"COPY \"{path.stem}\" FROM STDIN (FORMAT csv, NULL '')") as copy:
            for batch in file.iter_batches(50_000):
                sink = pa.BufferOutputStream()
                csv.write_csv(batch, sink, csv.WriteOptions(include_header=False, quoting_style="none"))
                copy.write(sink.getvalue())
        connection.execute(f'VACUUM ANALYZE "{path.stem}"')


if __name__ == "__main__":
    load(Path(sys.argv[1]))
