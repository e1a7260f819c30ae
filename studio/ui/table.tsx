// biome-ignore-all lint/a11y/noRedundantRoles: drawn as cards, elements of a table lose the roles that they have by themselves
/** Rows of facts: a table where there is room for one, and on a phone a card for each row that names its values. */
import type { ReactNode } from "react";
import styles from "./table.module.css";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** What begins the row: its name. */
  heads?: boolean;
  /** Acts on the row stand at its end, and need no title to be seen. */
  acts?: boolean;
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <table className={styles.table} role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, acts }) => (
            <th key={title} role="columnheader" scope="col">
              <span className={acts === true ? "hidden-visually" : undefined}>{title}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map((column) => (
              <Cell key={column.title} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { title, cell, heads, acts } = column;
  const kind = heads === true ? "head" : acts === true ? "acts" : "value";
  const shared = { "data-kind": kind, "data-title": title };
  if (heads === true)
    return (
      <th {...shared} role="rowheader" scope="row">
        {cell(row)}
      </th>
    );
  return (
    <td {...shared} role="cell">
      <div>{cell(row)}</div>
    </td>
  );
}
