/** The files that were committed for the module's pipelines, each with its text behind it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Panel } from "../../../../ui/panel.tsx";
import { useArtifacts } from "../artifacts/use-artifacts.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./pipeline.module.css";
import type { Snapshot } from "./snapshot.ts";

export function GeneratedFiles({ snapshot: { files = [] } }: { snapshot: Snapshot }) {
  const { t } = useTranslation();
  const { traceId, moduleId } = useSubject();
  const written = useArtifacts();
  const sets = Map.groupBy(files, ({ dialect = "container" }) => dialect);
  return (
    <Panel title={t("deliveries.pipeline.files", { count: files.length })}>
      <div className={styles.sets}>
        {[...sets].map(([dialect, members]) => (
          <section key={dialect}>
            <h3>{dialect}</h3>
            <ul>
              {members.map(({ path, origin }) => {
                const artifact = written.find((one) => one.kind === "pipelines" && one.name === path);
                return (
                  <li key={path}>
                    {artifact === undefined ? (
                      path
                    ) : (
                      <Link
                        to="/deliveries/$traceId/$moduleId/artifacts"
                        params={{ traceId, moduleId }}
                        search={{ path: artifact.path }}
                      >
                        {path}
                      </Link>
                    )}{" "}
                    {origin !== "generated" && <small>{origin}</small>}
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  );
}
