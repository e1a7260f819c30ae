/** One figure with what it means: nobody should have to guess how a number came about. */
import { useTranslation } from "react-i18next";
import styles from "./insight.module.css";

interface MeasureCardProps {
  name: string;
  /** In words, with its unit; absent where nothing was measured. */
  value: string | undefined;
  /** From how many facts it was made. */
  from: string;
  definition: string;
  /** The page of the documentation that defines it. */
  docs: string;
}

const dora = "https://dora.dev/guides/dora-metrics-four-keys/";

export function MeasureCard({ name, value, from, definition, docs }: MeasureCardProps) {
  const { t } = useTranslation();
  return (
    <li className={styles.card}>
      <h2>{name}</h2>
      <p className={styles.value}>{value ?? t("insight.notMeasured")}</p>
      <p className={styles.quiet}>{from}</p>
      <details>
        <summary aria-label={`${t("insight.definition")}: ${name}`}>{t("insight.definition")}</summary>
        <p>{definition}</p>
        <p>
          {t("insight.definedIn")} <code>{docs}</code>,{" "}
          <a href={dora} target="_blank" rel="noreferrer">
            dora.dev
          </a>
        </p>
      </details>
    </li>
  );
}
