import styles from "./matrix.module.css";
import { MatrixCell } from "./matrix-cell.tsx";
import type { Row } from "./use-matrix.ts";

/** On a phone: a card for each module, with its environments below each other. */
export function MatrixCards({ rows }: { rows: readonly Row[] }) {
  return (
    <ul className={styles.cards}>
      {rows.map(({ moduleId, cells }) => (
        <li key={moduleId} className={styles.card}>
          <h2>{moduleId}</h2>
          <dl>
            {cells.map((cell) => (
              <div key={cell.environment}>
                <dt>{cell.environment}</dt>
                <dd>
                  <MatrixCell moduleId={moduleId} cell={cell} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
