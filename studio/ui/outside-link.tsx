import { Icon } from "./icon.tsx";
import styles from "./outside-link.module.css";

/** Leads out of Studio, and says so; what is no address of the web is text alone. A long one breaks, with its icon beside it. */
export function OutsideLink({ href }: { href: string }) {
  if (!/^https?:\/\//i.test(href)) return <span className={styles.text}>{href}</span>;
  return (
    <a className={styles.link} href={href} target="_blank" rel="noreferrer">
      <span className={styles.text}>{href}</span>
      <Icon name="external-link" size={14} />
    </a>
  );
}
