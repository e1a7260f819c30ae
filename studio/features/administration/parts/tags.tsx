import { Breakable } from "../../../ui/breakable.tsx";
import styles from "./parts.module.css";

/** Short words beside each other: roles, environments, kinds. */
export function Tags({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <span className={styles.tags}>
      {of.map((word) => (
        <span key={word} className={styles.tag}>
          <Breakable text={word} />
        </span>
      ))}
    </span>
  );
}
