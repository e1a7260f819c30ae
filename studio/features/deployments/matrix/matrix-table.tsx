import { useTranslation } from "react-i18next";
import { ProvisionButton } from "../acts/provision-button.tsx";
import styles from "./matrix.module.css";
import { MatrixCell } from "./matrix-cell.tsx";
import type { Row } from "./use-matrix.ts";

/** Many environments scroll sideways in a region of their own, which the keyboard reaches. */
export function MatrixTable({
  rows,
  environments,
}: {
  rows: readonly Row[];
  environments: readonly string[];
}) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label={t("deployments.title")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("deployments.module")}</th>
            {environments.map((environment, index) => (
              <th key={environment} scope="col">
                <div className={styles.head}>
                  {environment}
                  <ProvisionButton
                    environment={environment}
                    possibility={rows[0]?.cells[index]?.actions.provision}
                  />
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ moduleId, cells }) => (
            <tr key={moduleId}>
              <th scope="row">{moduleId}</th>
              {cells.map((cell) => (
                <td key={cell.environment}>
                  <MatrixCell moduleId={moduleId} cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
