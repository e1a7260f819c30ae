/** Lines that are read when somebody asks for them. */
import styles from "./folded-list.module.css";

export function FoldedList({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <details className={styles.folded}>
      <summary>{title}</summary>
      <ul>
        {[...new Set(lines)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
