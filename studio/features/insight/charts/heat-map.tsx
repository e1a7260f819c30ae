/** How often something happened, by name and time: numbers in a table, and the colour says where to look first. */
import { useTranslation } from "react-i18next";
import styles from "./charts.module.css";

interface HeatMapProps {
  title: string;
  /** What the rows are. */
  of: string;
  columns: readonly string[];
  /** A value for each column. */
  rows: readonly { name: string; values: readonly number[] }[];
}

const steps = 5;

export function HeatMap({ title, of, columns, rows }: HeatMapProps) {
  const { t } = useTranslation();
  const most = Math.max(1, ...rows.flatMap(({ values }) => values));
  if (rows.length === 0) return <p className={styles.empty}>{t("insight.nothingMeasured")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a group, and no second landmark beside its panel.
    <div className={styles.scroll} role="group" tabIndex={0} aria-label={title}>
      <table className={styles.heat}>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {columns.map((column, index) => {
                const value = values[index] ?? 0;
                return (
                  <td key={column} data-heat={value === 0 ? 0 : Math.ceil((value / most) * steps)}>
                    {value === 0 ? <span className={styles.zero}>0</span> : value}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
