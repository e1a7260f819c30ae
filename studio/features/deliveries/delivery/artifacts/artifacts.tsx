/** What the agents wrote, by agent; one of them with its text, its versions, and what changed between two of them. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../../../ui/panel.tsx";
import type { Artifact } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";
import { ArtifactContent } from "./artifact-content.tsx";
import styles from "./artifacts.module.css";
import { useArtifacts } from "./use-artifacts.ts";

const route = getRouteApi("/deliveries/$traceId/$moduleId/artifacts");

export function Artifacts() {
  const { t } = useTranslation();
  const { path, version, against } = route.useSearch();
  const artifacts = useArtifacts();
  const chosen = artifacts.find((one) => one.path === path);
  if (artifacts.length === 0) return <Empty icon="file-text" title={t("deliveries.artifacts.none")} />;
  return (
    <div className={styles.columns} data-chosen={path !== undefined}>
      <nav aria-label={t("deliveries.artifacts.list")} className={styles.list}>
        <Agents artifacts={artifacts} chosen={path} />
      </nav>
      {path === undefined ? (
        <Empty icon="file-text" title={t("deliveries.artifacts.choose")} />
      ) : (
        <ArtifactContent key={path} path={path} artifact={chosen} version={version} against={against} />
      )}
    </div>
  );
}

function Agents({ artifacts, chosen }: { artifacts: Artifact[]; chosen: string | undefined }) {
  const { traceId, moduleId } = useSubject();
  const agents = useMemo(() => Map.groupBy(artifacts, ({ writer }) => writer.agentId), [artifacts]);
  return [...agents].map(([agent, written]) => (
    <section key={agent}>
      <h2>{agent}</h2>
      <ul>
        {written.map((artifact) => (
          <li key={artifact.path}>
            <Link
              to="/deliveries/$traceId/$moduleId/artifacts"
              params={{ traceId, moduleId }}
              search={{ path: artifact.path }}
              resetScroll={false}
              {...(artifact.path === chosen && { "aria-current": "true" })}
            >
              <span>{artifact.name}</span>
              <small>{placeOf(artifact)}</small>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  ));
}

/** What tells two of the same name apart. */
function placeOf({ path, kind, version }: Artifact): string {
  const environment = /\/env-([^/]+)\//.exec(path)?.[1];
  return [environment, kind, `v${version}`].filter((part) => part !== undefined).join(" · ");
}
